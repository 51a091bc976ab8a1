package io.fleetwell.keys;

import static io.fleetwell.failure.Category.CONFLICT;

import io.fleetwell.failure.FailureKind;

/** The kinds of failure of changes to a device's keys. */
final class KeyFailures {
  /** The device has another key with the same id. */
  static final FailureKind KEY_EXISTS =
      new FailureKind(CONFLICT, "key-exists", "Key id already used");

  /** The device has this key already, under another id. */
  static final FailureKind KEY_HAS_ANOTHER_ID =
      new FailureKind(CONFLICT, "key-has-another-kid", "Key already registered under another id");

  static final FailureKind TOO_MANY_KEYS =
      new FailureKind(CONFLICT, "too-many-keys", "Too many keys");

  /** Without this key, the device could not authenticate any more. */
  static final FailureKind LAST_KEY = new FailureKind(CONFLICT, "last-key", "Last valid key");

  static final FailureKind ID_DIFFERS_IN_CASE =
      new FailureKind(CONFLICT, "id-differs-in-case", "Id differs in case from an enrolled one");

  private KeyFailures() {}
}
