package io.fleetwell.failure;

/**
 * A kind of failure. Features declare their own; this class has those that several features share.
 *
 * @param category decides the status
 * @param name the last part of the problem's {@code type}; programs rely on it, so it never changes
 * @param title the error in words that a user of the API expects
 */
public record FailureKind(Category category, String name, String title) {
  public static final FailureKind INVALID =
      new FailureKind(Category.INVALID, "invalid", "The request cannot be understood");
  public static final FailureKind FORBIDDEN =
      new FailureKind(Category.FORBIDDEN, "forbidden", "Not for this kind of caller");
  public static final FailureKind NOT_FOUND =
      new FailureKind(Category.NOT_FOUND, "not-found", "Not there, or not yours to see");
  /** Several records match the request. */
  public static final FailureKind AMBIGUOUS =
      new FailureKind(Category.CONFLICT, "ambiguous", "More than one fits");

  public static final FailureKind TOO_LARGE =
      new FailureKind(Category.TOO_LARGE, "too-large", "More than is accepted");
  public static final FailureKind UNSUPPORTED_TYPE =
      new FailureKind(Category.UNSUPPORTED_TYPE, "unsupported-type", "A type that is not accepted");
  public static final FailureKind UNAVAILABLE =
      new FailureKind(Category.UNAVAILABLE, "unavailable", "Not available for now");
}
