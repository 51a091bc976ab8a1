package io.fleetwell;

/**
 * The environment of a function is not as the template sets it. The message says which variable is wrong and how, in one
 * line; where in the code that was seen is of no use to anybody.
 */
final class MisconfiguredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MisconfiguredException(String message) {
    super(message, null, false, false);
  }
}
