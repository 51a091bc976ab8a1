package io.fleetwell.keys;

import java.util.Optional;

/** Finds the public keys of devices. */
public interface DeviceKeySource {
  /**
   * Finds the key that a device has under an id: strongly consistent, in one read. The key may have expired.
   *
   * @throws io.fleetwell.failure.Failure {@code UNAVAILABLE} when the store cannot be reached, which says nothing about
   *     the key
   */
  Optional<DeviceKey> find(String deviceId, String keyId);
}
