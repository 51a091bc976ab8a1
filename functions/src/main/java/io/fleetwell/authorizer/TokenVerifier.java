package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.TokenRefusedException.throwIf;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import io.fleetwell.aws.Aws;
import io.fleetwell.ids.Base64Url;
import io.fleetwell.ids.DeviceIds;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a bearer token: an access token of the configured OIDC issuer, or one that a device signed itself, which {@link
 * DeviceTokenVerifier} verifies.
 *
 * <p>A genuine token that has expired still gives its principal, with {@link Principal#expires} in the past. The caller
 * gets a 401 and can fetch a new token; a forged token is refused.
 *
 * <p>The gateway caches a refusal like an acceptance. A token that comes before its {@code nbf}, or that is signed with a
 * key newer than the last fetch of the issuer's keys, may be refused for that long.
 */
public final class TokenVerifier {
  public static final String OPERATOR_SCOPE = "fleet/operator";
  public static final String DEVICE_SCOPE = "fleet/device";

  /** The gateway's limit for all headers together. */
  private static final int MAX_TOKEN_LENGTH = 10_240;

  /** An id is part of a key in DynamoDB. OpenID Connect Core (section 2) limits {@code sub} to 255 characters. */
  private static final int MAX_ID_LENGTH = 255;

  /** How far the issuer's clock may be ahead of this one. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);

  private static final JOSEObjectTypeVerifier<SecurityContext> TYPES =
      new DefaultJOSEObjectTypeVerifier<>(
          JOSEObjectType.JWT,
          new JOSEObjectType("at+jwt"),
          new JOSEObjectType("application/at+jwt"),
          null);

  /** Claims of id tokens only (OpenID Connect Core, 2 and 3.3.2.11). */
  private static final List<String> ID_TOKEN_CLAIMS = List.of("nonce", "at_hash", "c_hash");

  private final String issuer;
  private final Set<String> audiences;
  private final Clock clock;
  private final DefaultJWTProcessor<SecurityContext> processor;
  private final DeviceTokenVerifier deviceTokens;

  /**
   * @param issuer the exact {@code iss} of its tokens
   * @param audiences a token must have one of them in {@code aud}, or in {@code client_id} if it has no {@code aud}, like
   *     Cognito's access tokens
   * @param keys the issuer's public keys
   * @param deviceTokens verifies the tokens that devices sign themselves
   */
  public TokenVerifier(
      String issuer,
      Set<String> audiences,
      JWKSource<SecurityContext> keys,
      DeviceTokenVerifier deviceTokens,
      Clock clock) {
    this.issuer = issuer;
    this.audiences = Set.copyOf(audiences);
    this.clock = clock;
    this.deviceTokens = deviceTokens;
    this.processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    processor.setJWSTypeVerifier(TYPES);
    // The claims are checked below, because an expired token must not look like a wrong one.
    processor.setJWTClaimsSetVerifier(null);
  }

  static TokenVerifier from(Aws aws) {
    String issuer = aws.environment().url("OIDC_ISSUER").toString();
    Set<String> audiences = aws.environment().list("OIDC_AUDIENCE");
    return new TokenVerifier(
        issuer,
        audiences,
        new IssuerKeys(issuer),
        DeviceTokenVerifier.from(aws, audiences),
        aws.clock());
  }

  /**
   * Returns the caller whom a token identifies.
   *
   * @throws TokenRefusedException when it is not a genuine access token for this API
   * @throws IllegalStateException when the issuer's keys are unavailable; the token may be genuine
   */
  Principal verify(String token) throws TokenRefusedException {
    SignedJWT jwt = parse(token);
    try {
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      if (!issuer.equals(claims.getIssuer()) && DeviceTokenVerifier.isSelfSigned(claims)) {
        TYPES.verify(jwt.getHeader().getType(), null);
        return deviceTokens.verify(jwt, claims);
      }
      verifySignature(jwt);
      requirePurpose(claims);
      return new Principal(kindOf(claims), idOf(claims), expiryOf(claims));
    } catch (ParseException e) {
      throw new TokenRefusedException(Reason.MALFORMED_CLAIM);
    } catch (BadJOSEException e) {
      throw new TokenRefusedException(Reason.WRONG_TYPE);
    }
  }

  /** A refused token of the issuer for a device is a device's too: the issuer gives the scope to nobody else. */
  private void requirePurpose(JWTClaimsSet claims) throws TokenRefusedException, ParseException {
    try {
      checkPurpose(claims);
    } catch (TokenRefusedException e) {
      throw new TokenRefusedException(e.reason(), kindOf(claims) == Kind.DEVICE);
    }
  }

  /** The device that a refused token claims to be of, if the id has the right form. The token may be made up. */
  static Optional<String> claimedDeviceId(String token) {
    try {
      JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();
      String id = DeviceTokenVerifier.isSelfSigned(claims)
          ? claims.getIssuer()
          : claims.getStringClaim("deviceid");
      return Optional.ofNullable(id).filter(DeviceIds::isDeviceId);
    } catch (ParseException | RuntimeException e) {
      // nimbus throws several kinds of exceptions for texts that are no tokens.
      return Optional.empty();
    }
  }

  private void verifySignature(SignedJWT jwt) throws TokenRefusedException {
    try {
      processor.process(jwt, null);
    } catch (RateLimitReachedException e) {
      throw new TokenRefusedException(Reason.UNKNOWN_KEY);
    } catch (KeySourceException e) {
      throw new IllegalStateException("the keys of the issuer are unavailable", e);
    } catch (BadJOSEException | JOSEException e) {
      throw new TokenRefusedException(Reason.WRONG_SIGNATURE);
    }
  }

  private static SignedJWT parse(String token) throws TokenRefusedException {
    throwIf(token.length() > MAX_TOKEN_LENGTH, Reason.TOO_LONG);
    throwIf(!isCanonical(token), Reason.NOT_CANONICAL);
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      jwt.getJWTClaimsSet();
      return jwt;
    } catch (ParseException | RuntimeException e) {
      // nimbus throws a NullPointerException for a header that is null.
      throw new TokenRefusedException(Reason.NOT_A_SIGNED_JWT);
    }
  }

  /**
   * Whether nobody could write the same token differently. nimbus ignores characters that are not base64url and the spare
   * bits of the last one, and each spelling would be an entry of its own in the gateway's cache.
   */
  private static boolean isCanonical(String token) {
    return Stream.of(token.split("\\.", -1)).map(Base64Url::decode).allMatch(Optional::isPresent);
  }

  private void checkPurpose(JWTClaimsSet claims) throws TokenRefusedException, ParseException {
    throwIf(!issuer.equals(claims.getIssuer()), Reason.WRONG_ISSUER);
    String use = claims.getStringClaim("token_use");
    throwIf(use != null && !use.equals("access"), Reason.ID_TOKEN);
    throwIf(
        ID_TOKEN_CLAIMS.stream().anyMatch(name -> claims.getClaim(name) != null), Reason.ID_TOKEN);
    throwIf(Collections.disjoint(audienceOf(claims), audiences), Reason.WRONG_AUDIENCE);
    Date notBefore = claims.getNotBeforeTime();
    throwIf(
        notBefore != null && notBefore.toInstant().isAfter(clock.instant().plus(CLOCK_SKEW)),
        Reason.NOT_VALID_YET);
  }

  /** The client counts only if there is no audience; an audience decides alone (RFC 7519, 4.1.3). */
  private static List<String> audienceOf(JWTClaimsSet claims) throws ParseException {
    String clientId = claims.getStringClaim("client_id");
    List<String> audience = claims.getAudience();
    return audience.isEmpty() && clientId != null ? List.of(clientId) : audience;
  }

  private static Kind kindOf(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes = scopesOf(claims);
    if (scopes.contains(OPERATOR_SCOPE)) {
      return Kind.OPERATOR;
    }
    return scopes.contains(DEVICE_SCOPE) ? Kind.DEVICE : Kind.USER;
  }

  /** {@code scope} is a string with spaces (RFC 8693, 4.2). Some issuers send {@code scp} instead, often as a list. */
  private static Set<String> scopesOf(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes = new HashSet<>();
    for (String name : List.of("scope", "scp")) {
      if (claims.getClaim(name) instanceof String text) {
        scopes.addAll(List.of(text.split(" ")));
      } else if (claims.getClaim(name) != null) {
        scopes.addAll(claims.getStringListClaim(name));
      }
    }
    return scopes;
  }

  private static String idOf(JWTClaimsSet claims) throws TokenRefusedException, ParseException {
    return switch (kindOf(claims)) {
      case OPERATOR ->
        checkId(
            claims.getSubject() != null ? claims.getSubject() : claims.getStringClaim("client_id"));
      // A token with the device's scope but no deviceid must not pass for a user's.
      case DEVICE -> checkId(claims.getStringClaim("deviceid"));
      case USER -> checkId(claims.getSubject());
    };
  }

  private static String checkId(@Nullable String id) throws TokenRefusedException {
    if (id == null || id.isBlank() || id.length() > MAX_ID_LENGTH) {
      throw new TokenRefusedException(Reason.UNUSABLE_CALLER_ID);
    }
    return id;
  }

  private static Instant expiryOf(JWTClaimsSet claims) throws TokenRefusedException {
    Date expiry = claims.getExpirationTime();
    if (expiry == null) {
      throw new TokenRefusedException(Reason.UNUSABLE_LIFE);
    }
    return expiry.toInstant();
  }
}
