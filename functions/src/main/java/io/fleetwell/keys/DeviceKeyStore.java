package io.fleetwell.keys;

import java.util.function.UnaryOperator;

/**
 * Stores the keys of devices. A store that is unreachable or busy fails with {@link
 * io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface DeviceKeyStore extends DeviceKeyReader {
  /**
   * Changes the keys of a device atomically, and adds the event of the new ring to the device's history in the same step.
   *
   * @param change returns the new ring. It is called again after every collision with another change, so it must have no
   *     side effects. Its exceptions are thrown here, and nothing is changed. If it returns its argument, nothing is
   *     written.
   */
  Change change(String deviceId, UnaryOperator<KeyRing> change);

  /** The keys before and after a change. */
  record Change(KeyRing before, KeyRing after) {}
}
