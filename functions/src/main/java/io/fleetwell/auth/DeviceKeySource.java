package io.fleetwell.auth;

import com.nimbusds.jose.jwk.JWK;
import java.time.Instant;
import java.util.Optional;

/** Where the public keys of devices are found. */
public interface DeviceKeySource {

  /**
   * The key that a device has under an id, as of now: strongly consistent, in one read.
   *
   * @throws io.fleetwell.failure.Failure {@code UNAVAILABLE} when the keys cannot be had, which says nothing about the
   *     token
   */
  Optional<VerificationKey> find(String deviceId, String keyId);

  /**
   * A device's public key.
   *
   * @param jwk of one of the kinds that {@link DeviceTokenVerifier} verifies with
   * @param expires from when on it verifies nothing; empty for never
   */
  record VerificationKey(JWK jwk, Optional<Instant> expires) {}
}
