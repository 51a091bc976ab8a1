package io.fleetwell.device;

/**
 * What a deployment allows users.
 *
 * @param claimCodeRequired whether devices without a claim code cannot be claimed
 * @param knownDevicesOnly whether users create no records: an id without a record is to them like one that someone else
 *     owns
 */
record DevicePolicy(boolean claimCodeRequired, boolean knownDevicesOnly) {}
