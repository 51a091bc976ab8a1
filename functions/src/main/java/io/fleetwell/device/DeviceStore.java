package io.fleetwell.device;

import java.util.Optional;
import java.util.function.Function;

/** Keeps the records of devices and the registrations of users. */
public interface DeviceStore extends DeviceReader {
  /**
   * Changes a device, and the registration of the user if one is named, in one step: all of it or nothing, with no other
   * change in between.
   *
   * @param rule decides what becomes of a snapshot; it is called again after every collision with another change, so it
   *     has no effects. What it throws is thrown here, with nothing changed. The event of its decision is added to the
   *     device's history in the same step, also where nothing else changes.
   * @return the decision that was carried out. A write whose answer was lost is recognised and not made twice.
   * @throws io.fleetwell.failure.Failure {@code UNAVAILABLE}, also after too many collisions; {@code TOO_MANY_DEVICES}
   *     when the registration is one more than a user may have
   */
  <C extends DeviceChange> C change(
      String deviceId, Optional<String> userId, Function<DeviceSnapshot, C> rule);

  /** As {@link #change}, for the device's owner, who is the snapshot's user; with no user while there is no owner. */
  DeviceChange changeWithOwner(String deviceId, Function<DeviceSnapshot, DeviceChange> rule);
}
