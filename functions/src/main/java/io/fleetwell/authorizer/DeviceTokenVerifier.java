package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.TokenRefusedException.throwIf;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import io.fleetwell.aws.Aws;
import io.fleetwell.ids.DeviceIds;
import io.fleetwell.keys.DeviceKey;
import io.fleetwell.keys.DeviceKeySource;
import io.fleetwell.keys.DynamoDbDeviceKeyReader;
import io.fleetwell.keys.Ed25519;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells which device is calling from a token that it signed itself: {@code iss} and {@code sub} are its id, {@code kid}
 * names the key, which was registered before. All that can be refused without the key is refused before it is read.
 */
public final class DeviceTokenVerifier {
  /** How far a device's clock may be from ours, to either side. Few devices have a clock that runs well. */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

  private static final JWSAlgorithm ED25519 = new JWSAlgorithm("Ed25519");

  private final Set<String> audiences;
  private final Duration longestLife;
  private final DeviceKeySource keys;
  private final Clock clock;

  /**
   * @param audiences of which a token must have one in {@code aud}
   * @param longestLife how long after {@code iat} a token's {@code exp} may be
   */
  public DeviceTokenVerifier(
      Set<String> audiences, Duration longestLife, DeviceKeySource keys, Clock clock) {
    this.audiences = Set.copyOf(audiences);
    this.longestLife = longestLife;
    this.keys = keys;
    this.clock = clock;
  }

  /** For tokens with one of the issuer's audiences, or with the devices' own. */
  static DeviceTokenVerifier from(Aws aws, Set<String> audiences) {
    Set<String> all = new HashSet<>(audiences);
    all.addAll(aws.environment().list("DEVICE_AUDIENCE"));
    Duration longestLife = Duration.ofSeconds(aws.environment().number("DEVICE_TOKEN_SECONDS"));
    return new DeviceTokenVerifier(
        all, longestLife, DynamoDbDeviceKeyReader.from(aws), aws.clock());
  }

  /** Whether a token claims to be signed by its own subject. */
  static boolean isSelfSigned(JWTClaimsSet claims) {
    return claims.getIssuer() != null && claims.getIssuer().equals(claims.getSubject());
  }

  /**
   * The device that signed a token.
   *
   * @throws TokenRefusedException when it is not a genuine token for this API; one that has expired is genuine
   */
  Principal verify(SignedJWT token, JWTClaimsSet claims) throws TokenRefusedException {
    String keyId = checkHeader(token.getHeader());
    String deviceId = claims.getIssuer();
    throwIf(!DeviceIds.hasDeviceIdSyntax(deviceId), Reason.UNUSABLE_CALLER_ID);
    throwIf(Collections.disjoint(claims.getAudience(), audiences), Reason.WRONG_AUDIENCE);
    Instant expires = checkTimes(claims);
    DeviceKey key = keys.find(deviceId, keyId)
        .filter(it -> !it.hasExpired(clock.instant()))
        .orElseThrow(() -> new TokenRefusedException(Reason.UNKNOWN_KEY));
    throwIf(!verifies(key.jwk(), token), Reason.WRONG_SIGNATURE);
    Instant earlier = key.expires().filter(it -> it.isBefore(expires)).orElse(expires);
    return new Principal(Kind.DEVICE, deviceId, earlier, Optional.of(keyId));
  }

  /** The key is the one that was registered, whatever else the header brings along. */
  private static String checkHeader(JWSHeader header) throws TokenRefusedException {
    boolean bringsKey = header.getJWK() != null
        || header.getJWKURL() != null
        || header.getX509CertURL() != null
        || header.getX509CertChain() != null;
    throwIf(bringsKey, Reason.UNUSABLE_KEY);
    throwIf(header.getCriticalParams() != null, Reason.WRONG_TYPE);
    String keyId = header.getKeyID();
    if (keyId == null || !DeviceIds.hasKeyIdSyntax(keyId)) {
      throw new TokenRefusedException(Reason.UNUSABLE_KEY);
    }
    return keyId;
  }

  /** When the token expires by our clock. */
  private Instant checkTimes(JWTClaimsSet claims) throws TokenRefusedException {
    Instant latest = clock.instant().plus(CLOCK_SKEW);
    Instant issued = required(claims.getIssueTime());
    Instant expires = required(claims.getExpirationTime());
    throwIf(issued.isAfter(latest), Reason.NOT_VALID_YET);
    throwIf(
        !expires.isAfter(issued) || expires.isAfter(issued.plus(longestLife)),
        Reason.UNUSABLE_LIFE);
    Date notBefore = claims.getNotBeforeTime();
    throwIf(notBefore != null && notBefore.toInstant().isAfter(latest), Reason.NOT_VALID_YET);
    return expires.plus(CLOCK_SKEW);
  }

  private static Instant required(@Nullable Date time) throws TokenRefusedException {
    if (time == null) {
      throw new TokenRefusedException(Reason.UNUSABLE_LIFE);
    }
    return time.toInstant();
  }

  /** Each kind of key goes with one algorithm, so that none can be used for what it was not registered for. */
  private static boolean verifies(JWK key, SignedJWT token) {
    JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
    try {
      if (key instanceof ECKey ec) {
        return algorithm.equals(JWSAlgorithm.ES256) && token.verify(new ECDSAVerifier(ec));
      }
      if (key instanceof RSAKey rsa) {
        return algorithm.equals(JWSAlgorithm.RS256) && token.verify(new RSASSAVerifier(rsa));
      }
      return key instanceof OctetKeyPair pair
          && (algorithm.equals(JWSAlgorithm.EdDSA) || algorithm.equals(ED25519))
          && Ed25519.verifies(
              pair.getDecodedX(), token.getSigningInput(), token.getSignature().decode());
    } catch (JOSEException e) {
      return false;
    }
  }
}
