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
      new FailureKind(Category.INVALID, "invalid", "Invalid request");
  public static final FailureKind FORBIDDEN =
      new FailureKind(Category.FORBIDDEN, "forbidden", "Not allowed for this kind of caller");
  public static final FailureKind NOT_FOUND =
      new FailureKind(Category.NOT_FOUND, "not-found", "Not found");
  /** Several records match the request. */
  public static final FailureKind AMBIGUOUS =
      new FailureKind(Category.CONFLICT, "ambiguous", "Ambiguous request");

  public static final FailureKind TOO_LARGE =
      new FailureKind(Category.TOO_LARGE, "too-large", "Too large");
  public static final FailureKind UNSUPPORTED_TYPE =
      new FailureKind(Category.UNSUPPORTED_TYPE, "unsupported-type", "Unsupported media type");
  public static final FailureKind UNAVAILABLE =
      new FailureKind(Category.UNAVAILABLE, "unavailable", "Service unavailable");
}
