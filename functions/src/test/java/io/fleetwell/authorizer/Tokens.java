package io.fleetwell.authorizer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Keys and tokens of issuers and attackers. */
final class Tokens {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String AUDIENCE = "fleetwell";

  private Tokens() {}

  /** A verifier for a fleet in which no device has a key. */
  static DeviceTokenVerifier noDeviceTokens() {
    return new DeviceTokenVerifier(
        Set.of(AUDIENCE),
        Duration.ofDays(1),
        (deviceId, keyId) -> Optional.empty(),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  /** A verifier for one issuer, which may make every kind of caller. */
  static TokenVerifier verifier(
      String issuer,
      Set<String> audiences,
      JWKSource<SecurityContext> keys,
      DeviceTokenVerifier deviceTokens,
      Clock clock) {
    return new TokenVerifier(
        List.of(new IssuerTokenVerifier(issuer, audiences, keys, clock)), deviceTokens);
  }

  static RSAKey rsaKey(String id) {
    try {
      return new RSAKeyGenerator(2_048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static ECKey ecKey(String id, Curve curve) {
    try {
      return new ECKeyGenerator(curve).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A user's access token that is valid for an hour. */
  static JWTClaimsSet.Builder claims(String issuer) {
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .audience(AUDIENCE)
        .subject("alice")
        .issueTime(Date.from(NOW))
        .expirationTime(Date.from(NOW.plusSeconds(3_600)));
  }

  static JWSHeader.Builder header(JWSAlgorithm algorithm, JWK key) {
    return new JWSHeader.Builder(algorithm).keyID(key.getKeyID());
  }

  static String sign(RSAKey key, JWTClaimsSet claims) {
    return sign(header(JWSAlgorithm.RS256, key).build(), claims.toString(), key);
  }

  static String sign(JWSHeader header, String payload, JWK key) {
    try {
      return sign(
          header,
          payload,
          new DefaultJWSSignerFactory().createJWSSigner(key, header.getAlgorithm()));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sign(JWSHeader header, String payload, JWSSigner signer) {
    JWSObject token = new JWSObject(header, new Payload(payload));
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }
}
