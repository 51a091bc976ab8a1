package io.fleetwell.device;

import java.util.Optional;
import java.util.function.Function;

/** Stores the records of devices and the registrations of users. */
public interface DeviceStore extends DeviceReader {
  /**
   * Changes a device, and the user's registration if a user is given, in one atomic step. The events of the change are
   * added to the device's history in the same step. Without a change, they are of a refused claim.
   *
   * @param rule decides the change of a snapshot. It must have no effects, because it is called again after every
   *     collision with another change. If it throws, nothing changes.
   * @return the change that was made. A write whose answer was lost is recognised, and is not repeated.
   * @throws io.fleetwell.failure.Failure {@code UNAVAILABLE}, also after too many collisions; {@code TOO_MANY_DEVICES}
   *     when the user would have too many registrations
   */
  DeviceChange change(
      String deviceId, Optional<String> userId, Function<DeviceSnapshot, DeviceChange> rule);

  /**
   * Like {@link #change}, for a claim by a user. A claim that succeeds is counted in the same step. If it exceeds {@link
   * ClaimAttempts#MAX_CLAIMS_A_DAY}, it is refused instead.
   */
  ClaimOutcome claim(String deviceId, String userId, Function<DeviceSnapshot, ClaimOutcome> rule);

  /** Like {@link #change}. The snapshot's user is the device's owner; empty if it has none. */
  DeviceChange changeWithOwner(String deviceId, Function<DeviceSnapshot, DeviceChange> rule);
}
