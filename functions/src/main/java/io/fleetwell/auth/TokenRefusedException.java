package io.fleetwell.auth;

/** A token that does not identify a caller. The message is for the log: a reason, never anything of the token itself. */
final class TokenRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  TokenRefusedException(String reason) {
    super(reason, null, false, false);
  }
}
