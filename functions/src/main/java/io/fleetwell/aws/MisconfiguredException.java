package io.fleetwell.aws;

/**
 * The environment of a function is not as the template sets it. The message says in one line which variable is wrong and
 * how. There is no stack trace: the message is for the deployer.
 */
final class MisconfiguredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MisconfiguredException(String message) {
    super(message, null, false, false);
  }
}
