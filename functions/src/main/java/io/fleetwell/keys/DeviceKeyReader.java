package io.fleetwell.keys;

/** Reads the keys of devices, strongly consistent: what is read holds every change that was acknowledged before. */
public interface DeviceKeyReader extends DeviceKeySource {
  /**
   * Reads the keys of a device, of which there may be none.
   *
   * @throws io.fleetwell.failure.Failure {@code UNAVAILABLE}
   */
  KeyRing read(String deviceId);
}
