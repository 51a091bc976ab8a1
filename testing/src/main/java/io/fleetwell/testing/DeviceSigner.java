package io.fleetwell.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** A device that signs its own tokens with its own key. */
public final class DeviceSigner {
  private final String deviceId;
  private final ECKey key;

  public DeviceSigner(String deviceId, String keyId) {
    this.deviceId = deviceId;
    try {
      this.key = new ECKeyGenerator(Curve.P_256).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private DeviceSigner(String deviceId, ECKey key) {
    this.deviceId = deviceId;
    this.key = key;
  }

  /** A device with a private key that has an id. */
  public static DeviceSigner of(String deviceId, String jwk) throws ParseException {
    return new DeviceSigner(deviceId, ECKey.parse(jwk));
  }

  /** The same key under another id. */
  public DeviceSigner named(String keyId) {
    return new DeviceSigner(deviceId, new ECKey.Builder(key).keyID(keyId).build());
  }

  /** The public key in the form in which it is registered. */
  public String jwk() {
    return key.toPublicJWK().toJSONString();
  }

  /** The path at which the key is registered. */
  public String path() {
    return "/v1/devices/%s/keys/%s".formatted(deviceId, key.getKeyID());
  }

  /** A token that is valid for an hour. */
  public String token(Instant now) {
    return token(now, now.plus(Duration.ofHours(1)));
  }

  public String token(Instant issued, Instant expires) {
    return sign(new JWTClaimsSet.Builder()
        .issuer(deviceId)
        .subject(deviceId)
        .audience("fleetwell")
        .issueTime(Date.from(issued))
        .expirationTime(Date.from(expires))
        .build());
  }

  /** Signs any claims, for tokens with one error. */
  public String sign(JWTClaimsSet claims) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }
}
