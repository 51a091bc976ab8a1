package io.fleetwell.keys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A public key with which a device signs.
 *
 * @param jwk only the members that make up the key
 * @param expires when the key stops working; empty for never
 */
public record DeviceKey(String id, JWK jwk, Optional<Instant> expires, Instant created) {
  boolean isSameKeyAs(DeviceKey other) {
    return jwk.getRequiredParams().equals(other.jwk.getRequiredParams());
  }

  public boolean hasExpired(Instant now) {
    return expires.filter(time -> !now.isBefore(time)).isPresent();
  }

  /** The key as a JWK (RFC 7517), with its times as further members. */
  ObjectNode json() {
    ObjectNode json = Json.object().put("kid", id);
    new TreeMap<>(jwk.getRequiredParams())
        .forEach((name, value) -> json.put(name, value.toString()));
    expires.ifPresent(time -> json.put("expires", time.toString()));
    return json.put("created", created.toString());
  }
}
