package io.fleetwell.local;

/** Something that the user can put right keeps the system from starting. The message is one line that says what to do. */
final class CannotStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotStartException(String message) {
    super(message);
  }

  CannotStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
