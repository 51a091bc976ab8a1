package io.fleetwell.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fleetwell.auth.DeviceKeySource.VerificationKey;
import io.fleetwell.local.DeviceSigner;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Who is calling, with the keys at hand. */
@State(Scope.Benchmark)
public class TokenBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String ISSUER = "https://issuer.example";
  private static final Set<String> AUDIENCES = Set.of("fleetwell");

  private final String issuersToken;
  private final String devicesToken;
  private final TokenVerifier verifier;

  public TokenBenchmark() {
    try {
      RSAKey issuersKey = new RSAKeyGenerator(2_048).keyID("issuer").generate();
      DeviceSigner device = new DeviceSigner("DEVICEID1", "factory");
      JWK devicesKey = JWK.parse(device.jwk());
      this.issuersToken = issuersToken(issuersKey);
      this.devicesToken = device.token(NOW);
      Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
      this.verifier = new TokenVerifier(
          ISSUER,
          AUDIENCES,
          new ImmutableJWKSet<>(new JWKSet(issuersKey.toPublicJWK())),
          new DeviceTokenVerifier(
              AUDIENCES,
              Duration.ofDays(1),
              (deviceId, keyId) -> Optional.of(new VerificationKey(devicesKey, Optional.empty())),
              clock),
          clock);
    } catch (JOSEException | ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String issuersToken(RSAKey key) throws JOSEException {
    SignedJWT token = new SignedJWT(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience("fleetwell")
            .subject("alice")
            .issueTime(Date.from(NOW))
            .expirationTime(Date.from(NOW.plusSeconds(3_600)))
            .build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  /** Signed by RS256 with 2,048 bits. */
  @Benchmark
  public Principal tokenOfTheIssuer() throws TokenRefusedException {
    return verifier.verify(issuersToken);
  }

  /** Signed by ES256. */
  @Benchmark
  public Principal tokenOfADevice() throws TokenRefusedException {
    return verifier.verify(devicesToken);
  }
}
