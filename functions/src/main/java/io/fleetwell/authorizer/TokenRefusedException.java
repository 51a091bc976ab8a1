package io.fleetwell.authorizer;

import io.fleetwell.ids.Words;

/** A token that does not identify a caller. */
final class TokenRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, for operators: it is logged and counted, and the caller is not told. */
  enum Reason {
    NO_BEARER_TOKEN,
    TOO_LONG,
    NOT_A_SIGNED_JWT,
    /** It says that it is something else than an access token, or that other software has to understand more of it. */
    WRONG_TYPE,
    ID_TOKEN,
    MALFORMED_CLAIM,
    WRONG_ISSUER,
    WRONG_AUDIENCE,
    /** None that the issuer has or, if a device signed it, that the device has. */
    UNKNOWN_KEY,
    /** The header brings a key along, or does not name one. */
    UNUSABLE_KEY,
    /** Or an algorithm that does not go with the key. */
    WRONG_SIGNATURE,
    NOT_VALID_YET,
    /** It does not say until when it is good, or that is longer than it may be. */
    UNUSABLE_LIFE,
    UNUSABLE_CALLER_ID;

    String word() {
      return Words.of(this);
    }
  }

  private final Reason reason;

  TokenRefusedException(Reason reason) {
    super(reason.word(), null, false, false);
    this.reason = reason;
  }

  static void throwIf(boolean refused, Reason reason) throws TokenRefusedException {
    if (refused) {
      throw new TokenRefusedException(reason);
    }
  }

  Reason reason() {
    return reason;
  }
}
