package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.TokenRefusedException.throwIf;
import static java.util.Objects.requireNonNull;

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

/**
 * Verifies a token that a device signed itself: {@code iss} and {@code sub} are its id, and {@code kid} names a registered
 * key.
 *
 * <p>The key is one consistent read of one item. It is also read for a token with a wrong audience or time: a refused device
 * that has proved its identity tells operators more than a made-up token. The principal is always that device, whichever
 * scope the token has.
 */
public final class DeviceTokenVerifier {
  /** The largest tolerated error of a device's clock, in both directions. Clocks of devices are inaccurate. */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(10);

  private static final JWSAlgorithm ED25519 = new JWSAlgorithm("Ed25519");

  private final Set<String> audiences;
  private final Duration longestLife;
  private final DeviceKeySource keys;
  private final Clock clock;

  /**
   * @param audiences a token must have one of them in {@code aud}
   * @param longestLife the longest time from {@code iat} to {@code exp}
   */
  public DeviceTokenVerifier(
      Set<String> audiences, Duration longestLife, DeviceKeySource keys, Clock clock) {
    this.audiences = Set.copyOf(audiences);
    this.longestLife = longestLife;
    this.keys = keys;
    this.clock = clock;
  }

  /** Accepts the first issuer's audiences, and those of the devices' own. */
  static DeviceTokenVerifier from(Aws aws) {
    Set<String> all = new HashSet<>(aws.environment().list("OIDC_AUDIENCE"));
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
   * Returns the device that signed a token.
   *
   * @throws TokenRefusedException when the token is not genuine, or not for this API; an expired token is genuine
   */
  Principal verify(SignedJWT token, JWTClaimsSet claims) throws TokenRefusedException {
    String keyId = checkHeader(token.getHeader());
    String deviceId = claims.getIssuer();
    throwIf(!DeviceIds.hasDeviceIdSyntax(deviceId), Reason.UNUSABLE_CALLER_ID);
    Optional<DeviceKey> key = keys.find(deviceId, keyId);
    boolean isSigned = key.filter(it -> verifies(it.jwk(), token)).isPresent();
    Optional<Reason> refusal = misuse(claims).or(() -> unusable(key));
    if (refusal.isPresent()) {
      throw new TokenRefusedException(refusal.get(), isSigned);
    }
    throwIf(!isSigned, Reason.WRONG_SIGNATURE);
    Instant expires = requireNonNull(claims.getExpirationTime()).toInstant().plus(CLOCK_SKEW);
    Instant earlier =
        key.flatMap(DeviceKey::expires).filter(it -> it.isBefore(expires)).orElse(expires);
    return new Principal(Kind.DEVICE, deviceId, earlier, Optional.of(keyId));
  }

  private Optional<Reason> unusable(Optional<DeviceKey> key) {
    return key.filter(it -> !it.hasExpired(clock.instant())).isPresent()
        ? Optional.empty()
        : Optional.of(Reason.UNKNOWN_KEY);
  }

  /** Returns the key's id. A key in the header itself is never used. */
  private static String checkHeader(JWSHeader header) throws TokenRefusedException {
    boolean containsKey = header.getJWK() != null
        || header.getJWKURL() != null
        || header.getX509CertURL() != null
        || header.getX509CertChain() != null;
    throwIf(containsKey, Reason.UNUSABLE_KEY);
    throwIf(header.getCriticalParams() != null, Reason.WRONG_TYPE);
    String keyId = header.getKeyID();
    if (keyId == null || !DeviceIds.hasKeyIdSyntax(keyId)) {
      throw new TokenRefusedException(Reason.UNUSABLE_KEY);
    }
    return keyId;
  }

  /** The reason to refuse the claims for their audience or their times. It does not depend on the signature. */
  private Optional<Reason> misuse(JWTClaimsSet claims) {
    if (Collections.disjoint(claims.getAudience(), audiences)) {
      return Optional.of(Reason.WRONG_AUDIENCE);
    }
    if (claims.getIssueTime() == null || claims.getExpirationTime() == null) {
      return Optional.of(Reason.UNUSABLE_LIFE);
    }
    Instant issued = claims.getIssueTime().toInstant();
    Instant expires = claims.getExpirationTime().toInstant();
    if (isLater(issued)) {
      return Optional.of(Reason.NOT_VALID_YET);
    }
    if (!expires.isAfter(issued) || expires.isAfter(issued.plus(longestLife))) {
      return Optional.of(Reason.UNUSABLE_LIFE);
    }
    Date notBefore = claims.getNotBeforeTime();
    return notBefore != null && isLater(notBefore.toInstant())
        ? Optional.of(Reason.NOT_VALID_YET)
        : Optional.empty();
  }

  /** Whether a time is in the future, by every clock that may be right. */
  private boolean isLater(Instant time) {
    return time.isAfter(clock.instant().plus(CLOCK_SKEW));
  }

  /** Each type of key has one algorithm, so no key can be used for another purpose. */
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
