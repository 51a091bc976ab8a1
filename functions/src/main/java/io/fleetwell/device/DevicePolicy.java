package io.fleetwell.device;

/**
 * What a deployment allows users.
 *
 * @param claimCodeRequired whether devices without a claim code cannot be claimed
 * @param knownDevicesOnly whether users create no records: an id without a record is to them like one that someone else
 *     owns
 */
record DevicePolicy(boolean claimCodeRequired, boolean knownDevicesOnly) {
  /**
   * The policy for a device of which a later release wrote something that this one does not know. Its record is never removed
   * and, if it cannot be read, not taken for missing.
   */
  DevicePolicy forLaterRelease() {
    return new DevicePolicy(claimCodeRequired, true);
  }
}
