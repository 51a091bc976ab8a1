package io.fleetwell.keys;

import java.util.function.UnaryOperator;

/**
 * Keeps the keys of devices.
 *
 * <p>What is read is strongly consistent: it holds every change that was acknowledged before. A store that cannot be
 * reached, or is too busy, fails with {@link io.fleetwell.failure.Failure.Kind#UNAVAILABLE}.
 */
public interface DeviceKeyStore {
  /** The keys of a device, of which there may be none. */
  KeyRing read(String deviceId);

  /**
   * Changes the keys of a device in one step, with nobody else's change in between; the event of what they become is added
   * to the device's history in the same step.
   *
   * @param change what becomes of them; it is asked again whenever someone else was quicker, so it has no effects. What it
   *     throws is thrown here, with nothing changed. Returning what it was given writes nothing.
   */
  Change change(String deviceId, UnaryOperator<KeyRing> change);

  /** What a change began with and what came of it. */
  record Change(KeyRing before, KeyRing after) {}
}
