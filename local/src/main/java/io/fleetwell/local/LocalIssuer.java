package io.fleetwell.local;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fleetwell.authorizer.TokenVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An OIDC issuer that issues any token to anyone on this machine. Its key is kept with the data, so tokens stay valid
 * after a restart.
 */
public final class LocalIssuer {
  public static final String AUDIENCE = "fleetwell-local";
  /** The default of the template's parameter {@code GroupsClaim}. */
  public static final String GROUPS_CLAIM = "cognito:groups";

  static final Duration DEFAULT_LIFETIME = Duration.ofHours(12);

  private final String issuer;
  private final ECKey key;
  private final Clock clock;

  private LocalIssuer(String issuer, ECKey key, Clock clock) {
    this.issuer = issuer;
    this.key = key;
    this.clock = clock;
  }

  /**
   * Opens an issuer with the key in a file, which it creates if it is missing.
   *
   * @param issuer its URL, as tokens name it
   */
  static LocalIssuer open(String issuer, Path keyFile, Clock clock) throws IOException {
    try {
      if (!Files.exists(keyFile)) {
        ECKey made =
            new ECKeyGenerator(Curve.P_256).keyID(UUID.randomUUID().toString()).generate();
        Files.writeString(keyFile, made.toJSONString());
      }
      return new LocalIssuer(issuer, ECKey.parse(Files.readString(keyFile)), clock);
    } catch (ParseException e) {
      throw new CannotStartException(
          "%s is damaged: delete it, so that a new key is created, or start with --fresh."
              .formatted(keyFile),
          e);
    } catch (JOSEException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }

  /** The metadata of OpenID Connect Discovery 1.0, section 3, without what the issuer lacks. */
  String discovery() {
    return JSONObjectUtils.toJSONString(Map.of(
        "issuer",
        issuer,
        "jwks_uri",
        issuer + "/jwks",
        "token_endpoint",
        issuer + "/token",
        "id_token_signing_alg_values_supported",
        List.of("ES256"),
        "response_types_supported",
        List.of("token"),
        "subject_types_supported",
        List.of("public")));
  }

  public String jwks() {
    return new JWKSet(key).toString(true);
  }

  public String userToken(String user, Duration lifetime) {
    return sign(claims(lifetime).subject(user).build());
  }

  /** The token that an app gets for a member of the staff. */
  public String userToken(String user, List<String> groups, Duration lifetime) {
    return sign(claims(lifetime).subject(user).claim(GROUPS_CLAIM, groups).build());
  }

  public String deviceToken(String deviceId, Duration lifetime) {
    return sign(claims(lifetime)
        .subject(deviceId)
        .claim("deviceid", deviceId)
        .claim("scope", TokenVerifier.DEVICE_SCOPE)
        .build());
  }

  public String operatorToken(String operator, Duration lifetime) {
    return sign(claims(lifetime)
        .subject(operator)
        .claim("scope", TokenVerifier.OPERATOR_SCOPE)
        .build());
  }

  /** The token of a person who signed in to the console. */
  public String consoleToken(String person, List<String> groups, Duration lifetime) {
    return sign(claims(lifetime)
        .subject(person)
        .claim("scope", TokenVerifier.CONSOLE_SCOPE)
        .claim(GROUPS_CLAIM, groups)
        .build());
  }

  private JWTClaimsSet.Builder claims(Duration lifetime) {
    Instant now = clock.instant();
    return new JWTClaimsSet.Builder()
        .issuer(issuer)
        .audience(AUDIENCE)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(lifetime)))
        .jwtID(UUID.randomUUID().toString());
  }

  /** Signs any claims, also invalid ones for tests. */
  public String sign(JWTClaimsSet claims) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
        .type(new JOSEObjectType("at+jwt"))
        .keyID(key.getKeyID())
        .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign with the issuer's own key", e);
    }
    return token.serialize();
  }
}
