package io.fleetwell.local;

/** Something that the user can put right keeps the system from starting. The message is one line that says what to do. */
public final class CannotStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For what the user can put right. */
  public CannotStartException(String message) {
    super(message);
  }

  /** For what the user can put right, found by another exception. */
  public CannotStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
