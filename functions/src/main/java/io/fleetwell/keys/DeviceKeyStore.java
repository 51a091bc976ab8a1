package io.fleetwell.keys;

import java.util.function.UnaryOperator;

/**
 * Keeps the keys of devices. A store that cannot be reached, or is too busy, fails with {@link
 * io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface DeviceKeyStore extends DeviceKeyReader {
  /**
   * Changes the keys of a device in one step, with no other change in between. The event of the new keys is added to the
   * device's history in the same step.
   *
   * @param change makes the new keys; it is called again after every collision with another change, so it has no effects.
   *     What it throws is thrown here, with nothing changed. If it returns its argument, nothing is written.
   */
  Change change(String deviceId, UnaryOperator<KeyRing> change);

  /** What a change began with and what came of it. */
  record Change(KeyRing before, KeyRing after) {}
}
