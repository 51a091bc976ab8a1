package io.fleetwell.aws;

/**
 * A variable of a function, or of the gateway's stage, is missing or malformed. The message names the variable and the error in one line. There is no
 * stack trace, because the message is for the deployer.
 */
public final class MisconfiguredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MisconfiguredException(String message) {
    super(message, null, false, false);
  }
}
