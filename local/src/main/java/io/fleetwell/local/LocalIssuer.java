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
import io.fleetwell.local.signin.AuthorizationRequest;
import io.fleetwell.local.signin.SignIns.Granted;
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
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * An OIDC issuer that issues any token to anyone on this machine. Its key is kept with the data, so tokens stay valid
 * after a restart.
 */
public final class LocalIssuer {
  public static final String AUDIENCE = "fleetwell-local";
  static final Duration DEFAULT_LIFETIME = Duration.ofHours(12);

  /** How long a token is valid that an app can refresh: as in a user pool of Cognito. */
  static final Duration SIGNED_IN_LIFETIME = Duration.ofHours(1);

  private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

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

  /** The metadata of OpenID Connect Discovery 1.0, section 3. The issuer has no user info; id tokens say all. */
  String discovery() {
    Map<String, Object> metadata = new TreeMap<>();
    metadata.put("issuer", issuer);
    metadata.put("jwks_uri", issuer + "/jwks");
    metadata.put("authorization_endpoint", issuer + "/authorize");
    metadata.put("token_endpoint", issuer + "/token");
    metadata.put("end_session_endpoint", issuer + "/sign-out");
    metadata.put("id_token_signing_alg_values_supported", List.of("ES256"));
    metadata.put("response_types_supported", List.of("code"));
    metadata.put("response_modes_supported", List.of("query"));
    metadata.put("grant_types_supported", List.of("authorization_code", "refresh_token"));
    metadata.put("code_challenge_methods_supported", List.of("S256"));
    metadata.put("scopes_supported", AuthorizationRequest.KNOWN_SCOPES);
    metadata.put("token_endpoint_auth_methods_supported", List.of("none"));
    metadata.put("subject_types_supported", List.of("public"));
    // It is true if it is omitted.
    metadata.put("request_uri_parameter_supported", false);
    return JSONObjectUtils.toJSONString(metadata);
  }

  public String jwks() {
    return new JWKSet(key).toString(true);
  }

  public String userToken(String user, Duration lifetime) {
    return sign(claims(lifetime).subject(user).build());
  }

  /** The token that an app gets for a member of the staff. */
  public String userToken(String user, List<String> groups, Duration lifetime) {
    return sign(
        claims(lifetime).subject(user).claim(TokenVerifier.GROUPS_CLAIM, groups).build());
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

  public String supportToken(String person, Duration lifetime) {
    return consoleToken(person, List.of("support"), lifetime);
  }

  /** The token of a person who signed in to the console. */
  public String consoleToken(String person, List<String> groups, Duration lifetime) {
    return sign(claims(lifetime)
        .subject(person)
        .claim("scope", TokenVerifier.CONSOLE_SCOPE)
        .claim(TokenVerifier.GROUPS_CLAIM, groups)
        .build());
  }

  /** The access token for an app in which a person signed in, as a user pool of Cognito issues it. */
  String accessToken(Granted granted) {
    JWTClaimsSet.Builder claims = claims(SIGNED_IN_LIFETIME)
        .subject(granted.signIn().person().name())
        .claim("client_id", granted.signIn().clientId());
    if (!granted.scopes().isEmpty()) {
      claims.claim("scope", String.join(" ", granted.scopes()));
    }
    groupsOf(granted).ifPresent(groups -> claims.claim(TokenVerifier.GROUPS_CLAIM, groups));
    return sign(claims.build());
  }

  /** Tells the app who signed in (OpenID Connect Core, 2). The API refuses it. */
  String idToken(Granted granted) {
    JWTClaimsSet.Builder claims = claims(SIGNED_IN_LIFETIME)
        .audience(granted.signIn().clientId())
        .subject(granted.signIn().person().name())
        .claim("token_use", "id")
        .claim("auth_time", granted.signIn().at().getEpochSecond());
    granted.nonce().ifPresent(nonce -> claims.claim("nonce", nonce));
    granted.email().ifPresent(email -> claims.claim("email", email).claim("email_verified", true));
    groupsOf(granted).ifPresent(groups -> claims.claim(TokenVerifier.GROUPS_CLAIM, groups));
    return sign(claims.build(), JOSEObjectType.JWT);
  }

  private static Optional<List<String>> groupsOf(Granted granted) {
    return granted.signIn().person().group().map(List::of);
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
    return sign(claims, ACCESS_TOKEN);
  }

  private String sign(JWTClaimsSet claims, JOSEObjectType type) {
    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
        .type(type)
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
