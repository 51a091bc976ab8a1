package io.fleetwell.keys;

/** Reads the keys of devices with strong consistency: every change that was acknowledged before is visible. */
public interface DeviceKeyReader extends DeviceKeySource {
  /** Reads all keys of a device; there may be none; throws {@code UNAVAILABLE}. */
  KeyRing read(String deviceId);
}
