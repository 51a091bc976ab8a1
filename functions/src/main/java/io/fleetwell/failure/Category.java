package io.fleetwell.failure;

/** The closed set of categories of failures. {@code http} maps each to one status. */
public enum Category {
  INVALID,
  /** The caller is unknown, or the token has expired. */
  UNAUTHENTICATED,
  FORBIDDEN,
  NOT_FOUND,
  /** The request contradicts the stored state. */
  CONFLICT,
  STALE,
  TOO_LARGE,
  UNSUPPORTED_TYPE,
  /** The body is well-formed, but its content is not acceptable. */
  UNPROCESSABLE,
  /** The caller has reached the limit of a period. */
  TOO_MANY,
  INTERNAL,
  /** A store is temporarily unreachable or too busy. */
  UNAVAILABLE
}
