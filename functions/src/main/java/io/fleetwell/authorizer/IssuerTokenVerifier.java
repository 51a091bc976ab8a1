package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.TokenRefusedException.throwIf;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Verifies the access tokens of one OIDC issuer. */
public final class IssuerTokenVerifier {
  /** An id is part of a key in DynamoDB. OpenID Connect Core (section 2) limits {@code sub} to 255 characters. */
  private static final int MAX_ID_LENGTH = 255;

  private static final Pattern NAME = Pattern.compile("[^\\p{Cc}]{1,256}");

  /** How far the issuer's clock may be ahead of this one. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);

  /** Claims of id tokens only (OpenID Connect Core, 2 and 3.3.2.11). */
  private static final List<String> ID_TOKEN_CLAIMS = List.of("nonce", "at_hash", "c_hash");

  private final String issuer;
  private final IssuerPolicy policy;
  private final Clock clock;
  private final DefaultJWTProcessor<SecurityContext> processor;

  /**
   * @param issuer the exact {@code iss} of its tokens
   * @param keys the issuer's public keys
   */
  IssuerTokenVerifier(
      String issuer, IssuerPolicy policy, JWKSource<SecurityContext> keys, Clock clock) {
    this.issuer = issuer;
    this.policy = policy;
    this.clock = clock;
    this.processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    processor.setJWSTypeVerifier(TokenVerifier.TYPES);
    // The claims are checked below, because an expired token must not look like a wrong one.
    processor.setJWTClaimsSetVerifier(null);
  }

  /** An issuer that may make every kind of caller. */
  public IssuerTokenVerifier(
      String issuer, Set<String> audiences, JWKSource<SecurityContext> keys, Clock clock) {
    this(issuer, IssuerPolicy.of(audiences), keys, clock);
  }

  String issuer() {
    return issuer;
  }

  /**
   * Returns the caller whom a token of this issuer identifies.
   *
   * @throws TokenRefusedException when it is not a genuine access token for this API; an expired one is genuine
   * @throws IllegalStateException when the issuer's keys are unavailable; the token may be genuine
   */
  Principal verify(SignedJWT token, JWTClaimsSet claims)
      throws TokenRefusedException, ParseException {
    verifySignature(token);
    Kind kind = policy.kindOf(claims);
    checkPurpose(claims, kind);
    String id = idOf(claims, kind);
    return new Principal(kind, id, expiryOf(claims), Optional.empty(), nameOf(claims, kind, id));
  }

  private void verifySignature(SignedJWT token) throws TokenRefusedException {
    try {
      processor.process(token, null);
    } catch (RateLimitReachedException e) {
      throw new TokenRefusedException(Reason.UNKNOWN_KEY);
    } catch (KeySourceException e) {
      throw new IllegalStateException("the keys of " + issuer + " are unavailable", e);
    } catch (BadJOSEException | JOSEException e) {
      throw new TokenRefusedException(Reason.WRONG_SIGNATURE);
    }
  }

  /** A refused token of the issuer for a device is a device's too: the issuer gives the scope to nobody else. */
  private void checkPurpose(JWTClaimsSet claims, Kind kind)
      throws TokenRefusedException, ParseException {
    boolean mayBeDevice = kind == Kind.DEVICE && policy.kinds().contains(kind);
    try {
      checkPurpose(claims);
    } catch (TokenRefusedException e) {
      throw new TokenRefusedException(e.reason(), mayBeDevice);
    }
    throwIf(!policy.kinds().contains(kind), Reason.KIND_NOT_ALLOWED);
  }

  private void checkPurpose(JWTClaimsSet claims) throws TokenRefusedException, ParseException {
    throwIf(!issuer.equals(claims.getIssuer()), Reason.WRONG_ISSUER);
    String use = claims.getStringClaim("token_use");
    throwIf(use != null && !use.equals("access"), Reason.ID_TOKEN);
    throwIf(
        ID_TOKEN_CLAIMS.stream().anyMatch(name -> claims.getClaim(name) != null), Reason.ID_TOKEN);
    throwIf(!policy.admitsAudienceOf(claims), Reason.WRONG_AUDIENCE);
    Date notBefore = claims.getNotBeforeTime();
    throwIf(
        notBefore != null && notBefore.toInstant().isAfter(clock.instant().plus(CLOCK_SKEW)),
        Reason.NOT_VALID_YET);
  }

  private static String idOf(JWTClaimsSet claims, Kind kind)
      throws TokenRefusedException, ParseException {
    return switch (kind) {
      case OPERATOR, SUPPORT ->
        checkId(
            claims.getSubject() != null ? claims.getSubject() : claims.getStringClaim("client_id"));
      // A token with the device's scope but no deviceid must not pass for a user's.
      case DEVICE -> checkId(claims.getStringClaim("deviceid"));
      case USER -> checkId(claims.getSubject());
    };
  }

  /**
   * The e-mail address or the user name of a member of the staff. Cognito's user name is often the id again, which says nothing
   * more. An address that the issuer has not verified is anybody's.
   */
  private static Optional<String> nameOf(JWTClaimsSet claims, Kind kind, String id) {
    if (kind != Kind.OPERATOR && kind != Kind.SUPPORT) {
      return Optional.empty();
    }
    Optional<String> email = nameIn(claims, "email")
        .filter(text -> !Boolean.FALSE.equals(claims.getClaim("email_verified")));
    return email.or(() -> nameIn(claims, "username")).filter(text -> !text.equals(id));
  }

  private static Optional<String> nameIn(JWTClaimsSet claims, String claim) {
    return claims.getClaim(claim) instanceof String text && NAME.matcher(text).matches()
        ? Optional.of(text)
        : Optional.empty();
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
