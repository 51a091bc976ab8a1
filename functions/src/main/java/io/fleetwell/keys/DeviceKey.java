package io.fleetwell.keys;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
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

  /**
   * Whether both have the same private key: an RSA key with another exponent, or a point with the other sign, is another
   * public key, for which the holder of the private key can sign too.
   */
  boolean hasSamePrivateKeyAs(DeviceKey other) {
    return jwk.getKeyType().equals(other.jwk.getKeyType())
        && withoutSign().equals(other.withoutSign());
  }

  /** The modulus of an RSA key, or the coordinate that a point and its negative have in common. */
  private Base64URL withoutSign() {
    if (jwk instanceof RSAKey rsa) {
      return rsa.getModulus();
    }
    if (jwk instanceof ECKey ec) {
      return ec.getX();
    }
    byte[] encoded = jwk.toOctetKeyPair().getX().decode();
    // The first bit of the last byte is the sign of x (RFC 8032, 5.1.2).
    encoded[encoded.length - 1] &= 0x7f;
    return Base64URL.encode(encoded);
  }

  /** This key, if it expires no later than that; otherwise with that expiry. */
  DeviceKey expiringBy(Instant latest) {
    boolean isEarlier = expires.filter(time -> !time.isAfter(latest)).isPresent();
    return isEarlier ? this : new DeviceKey(id, jwk, Optional.of(latest), created);
  }

  public boolean hasExpired(Instant now) {
    return expires.filter(time -> !now.isBefore(time)).isPresent();
  }

  /** What history says of the key: its id and when it expires. */
  ObjectNode inHistory() {
    ObjectNode json = Json.object().put("kid", id);
    expires.ifPresent(time -> json.put("expires", time.toString()));
    return json;
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
