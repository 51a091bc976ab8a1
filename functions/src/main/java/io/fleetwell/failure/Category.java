package io.fleetwell.failure;

/** The closed set of categories of failures. {@code http} maps each to one status. */
public enum Category {
  /** The request is malformed. */
  INVALID,
  /** The caller is unknown, or the token has expired. */
  UNAUTHENTICATED,
  /** The caller is known, but not allowed to do this. */
  FORBIDDEN,
  /** The resource does not exist, or the caller may not see it. */
  NOT_FOUND,
  /** The request contradicts the stored state. */
  CONFLICT,
  /** The caller's precondition on the record does not hold. */
  STALE,
  /** The request is larger than allowed. */
  TOO_LARGE,
  /** The body's media type is not supported. */
  UNSUPPORTED_TYPE,
  /** The body is well-formed, but its content is not acceptable. */
  UNPROCESSABLE,
  /** The caller has reached the limit of a period. */
  TOO_MANY,
  /** An unforeseen error of the service. */
  INTERNAL,
  /** A store is temporarily unreachable or too busy. */
  UNAVAILABLE
}
