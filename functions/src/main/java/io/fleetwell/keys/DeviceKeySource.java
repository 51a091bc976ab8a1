package io.fleetwell.keys;

import java.util.Optional;

/** Finds the public keys of devices. */
public interface DeviceKeySource {
  /**
   * Finds a device's key by its id, with one strongly consistent read. The key may have expired.
   *
   * @throws io.fleetwell.failure.Failure {@code UNAVAILABLE} when the store cannot be reached; the key may exist
   */
  Optional<DeviceKey> find(String deviceId, String keyId);
}
