package io.fleetwell.failure;

/** The closed set of ways in which a request can fail. {@code http} maps each to one status. */
public enum Category {
  /** The request cannot be understood as it was sent. */
  INVALID,
  /** The caller is not known, or not any more. */
  UNAUTHENTICATED,
  /** The caller is known, and may not do this. */
  FORBIDDEN,
  /** What the request names does not exist, or the caller may not see it. */
  NOT_FOUND,
  /** The request contradicts what is stored. */
  CONFLICT,
  /** The record is not the one that the caller's precondition names. */
  STALE,
  /** The request is larger than allowed. */
  TOO_LARGE,
  /** The body's media type is not supported. */
  UNSUPPORTED_TYPE,
  /** The body is well-formed, but its content is not acceptable. */
  UNPROCESSABLE,
  /** The caller has used up what is allowed in a period. */
  TOO_MANY,
  /** The service has an error that nobody foresaw. */
  INTERNAL,
  /** A store cannot be reached, or is too busy, for now. */
  UNAVAILABLE
}
