package io.fleetwell.keys;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.JWK;
import io.fleetwell.auth.DeviceNames;
import io.fleetwell.failure.Failure;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A public key with which a device signs.
 *
 * @param jwk the key, of a kind that tokens are verified with, and nothing but the key
 * @param expires from when on it counts no more; empty for never
 */
public record DeviceKey(String id, JWK jwk, Optional<Instant> expires, Instant created) {

  /**
   * The id, if it is one: 1 to 64 of {@code A-Z a-z 0-9 . _ : -}.
   *
   * @throws Failure {@code INVALID}
   */
  static String checkId(String id) {
    if (!isId(id)) {
      throw Failure.invalid("A kid is %s.".formatted(ID_RULE));
    }
    return id;
  }

  static final String ID_RULE = "1 to 64 characters of A-Z a-z 0-9 . _ : - and not . or ..";

  static boolean isId(String id) {
    return DeviceNames.KEY_ID.matcher(id).matches() && !id.equals(".") && !id.equals("..");
  }

  boolean isSameKeyAs(DeviceKey other) {
    return jwk.getRequiredParams().equals(other.jwk.getRequiredParams());
  }

  boolean hasExpired(Instant now) {
    return expires.filter(time -> !now.isBefore(time)).isPresent();
  }

  /** The key as a JWK (RFC 7517), with its times as further members. */
  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("kid", id);
    new TreeMap<>(jwk.getRequiredParams())
        .forEach((name, value) -> json.put(name, value.toString()));
    expires.ifPresent(time -> json.put("expires", time.toString()));
    return json.put("created", created.toString());
  }
}
