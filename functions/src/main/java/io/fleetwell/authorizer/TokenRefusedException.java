package io.fleetwell.authorizer;

import io.fleetwell.ids.Words;

/** A token that does not identify a caller, and why. */
final class TokenRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The reason is logged and counted for operators. The caller does not learn it. */
  enum Reason {
    NO_BEARER_TOKEN,
    TOO_LONG,
    NOT_A_SIGNED_JWT,
    /** A part has another form than canonical base64url without padding, such as one of several spellings of a signature. */
    NOT_CANONICAL,
    /** The header has another type than an access token, or critical extensions. */
    WRONG_TYPE,
    ID_TOKEN,
    MALFORMED_CLAIM,
    WRONG_ISSUER,
    WRONG_AUDIENCE,
    /** The issuer or the device has no key with this id. */
    UNKNOWN_KEY,
    /** The header contains a key, or names none. */
    UNUSABLE_KEY,
    /** The signature, or the algorithm for this key, is wrong. */
    WRONG_SIGNATURE,
    NOT_VALID_YET,
    /** The token has no expiry, or lives too long. */
    UNUSABLE_LIFE,
    UNUSABLE_CALLER_ID,
    /** The issuer may not make callers of this kind. */
    KIND_NOT_ALLOWED
  }

  private final Reason reason;
  private final boolean ofDevice;

  TokenRefusedException(Reason reason) {
    this(reason, false);
  }

  /**
   * @param ofDevice whether a device of this system signed or got the token; no other caller can make such a token
   */
  TokenRefusedException(Reason reason, boolean ofDevice) {
    super(Words.of(reason), null, false, false);
    this.reason = reason;
    this.ofDevice = ofDevice;
  }

  static void throwIf(boolean refused, Reason reason) throws TokenRefusedException {
    if (refused) {
      throw new TokenRefusedException(reason);
    }
  }

  Reason reason() {
    return reason;
  }

  boolean isOfDevice() {
    return ofDevice;
  }
}
