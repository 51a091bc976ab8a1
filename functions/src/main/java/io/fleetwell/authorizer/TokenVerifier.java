package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.TokenRefusedException.throwIf;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fleetwell.auth.Principal;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import io.fleetwell.ids.Base64Url;
import io.fleetwell.ids.DeviceIds;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Verifies a bearer token: an access token of one of the configured OIDC issuers, or one that a device signed itself, which {@link
 * DeviceTokenVerifier} verifies.
 *
 * <p>A genuine token that has expired still gives its principal, with {@link Principal#expires} in the past. The caller
 * gets a 401 and can fetch a new token; a forged token is refused.
 *
 * <p>The gateway caches a refusal like an acceptance. A token that comes before its {@code nbf}, or that is signed with a
 * key newer than the last fetch of the issuer's keys, may be refused for that long.
 */
public final class TokenVerifier {
  public static final String OPERATOR_SCOPE = IssuerPolicy.OPERATOR_SCOPE;
  public static final String DEVICE_SCOPE = IssuerPolicy.DEVICE_SCOPE;
  public static final String CONSOLE_SCOPE = IssuerPolicy.CONSOLE_SCOPE;
  public static final String GROUPS_CLAIM = IssuerPolicy.DEFAULT_GROUPS_CLAIM;

  /** The gateway's limit for all headers together. */
  private static final int MAX_TOKEN_LENGTH = 10_240;

  /** The types of an access token, in the header (RFC 9068, 2.1). */
  static final JOSEObjectTypeVerifier<SecurityContext> TYPES = new DefaultJOSEObjectTypeVerifier<>(
      JOSEObjectType.JWT,
      new JOSEObjectType("at+jwt"),
      new JOSEObjectType("application/at+jwt"),
      null);

  private final Map<String, IssuerTokenVerifier> issuers;
  private final IssuerTokenVerifier first;
  private final DeviceTokenVerifier deviceTokens;

  /**
   * @param issuers at least one, each with another {@code iss}
   * @param deviceTokens verifies the tokens that devices sign themselves
   */
  public TokenVerifier(List<IssuerTokenVerifier> issuers, DeviceTokenVerifier deviceTokens) {
    this.issuers = issuers.stream()
        .collect(Collectors.toUnmodifiableMap(IssuerTokenVerifier::issuer, Function.identity()));
    this.first = issuers.get(0);
    this.deviceTokens = deviceTokens;
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
      Optional<IssuerTokenVerifier> issuer =
          Optional.ofNullable(claims.getIssuer()).map(issuers::get);
      if (issuer.isEmpty() && DeviceTokenVerifier.isSelfSigned(claims)) {
        TYPES.verify(jwt.getHeader().getType(), null);
        return deviceTokens.verify(jwt, claims);
      }
      // An issuer that signs with another name than the configured one shows in the reasons of
      // refusals.
      return issuer.orElse(first).verify(jwt, claims);
    } catch (ParseException e) {
      throw new TokenRefusedException(Reason.MALFORMED_CLAIM);
    } catch (BadJOSEException e) {
      throw new TokenRefusedException(Reason.WRONG_TYPE);
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
}
