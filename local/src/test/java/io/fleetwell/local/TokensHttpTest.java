package io.fleetwell.local;

import static io.fleetwell.local.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.fleetwell.local.Api.Answer;
import io.fleetwell.local.Api.Caller;
import java.io.UncheckedIOException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningSystem.class)
class TokensHttpTest {
  private final Api api;
  private final LocalIssuer issuer;

  TokensHttpTest(Api api) {
    this.api = api;
    this.issuer = api.system().issuer();
  }

  // Every route

  static Set<String> routesOfTheTemplate() {
    Template template = TemplateReader.read(
        RunningSystem.PROJECT.resolve("template.yaml"),
        Map.of("OidcIssuer", "https://issuer.example.com"));
    Set<String> routes = new TreeSet<>();
    template.routes().forEach(route -> routes.add(route.key()));
    return routes;
  }

  @Test
  void theTemplateHasTheRoutesThatAreDescribedAndNoOthers() {
    assertThat(routesOfTheTemplate())
        .isEqualTo(
            OpenApiContract.routes(YamlFile.read(RunningSystem.PROJECT.resolve("openapi.yaml"))));
  }

  private static Answer call(Caller caller, String route) {
    String[] parts = route.split(" ", -1);
    String path = parts[1]
        .replace("{deviceid}", "DEVICEID1")
        .replace("{logtype}", "log")
        .replace("{kid}", "k1");
    return caller.send(parts[0], path, new byte[0]);
  }

  private static void assertUnauthorized(Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text()).isEqualTo("{\"message\":\"Unauthorized\"}");
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
  }

  private static void assertForbidden(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).isEqualTo("{\"message\":\"Forbidden\"}");
  }

  private static void assertExpired(Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.problem()).isEqualTo("token-expired");
    assertThat(answer.header("www-authenticate")).startsWith("Bearer error=\"invalid_token\"");
  }

  @ParameterizedTest
  @MethodSource("routesOfTheTemplate")
  void everyRouteRefusesACallWithoutAToken(String route) {
    assertUnauthorized(call(api.nobody(), route));
  }

  @ParameterizedTest
  @MethodSource("routesOfTheTemplate")
  void everyRouteRefusesAGarbageToken(String route) {
    assertForbidden(call(api.token("garbage"), route));
  }

  @ParameterizedTest
  @MethodSource("routesOfTheTemplate")
  void everyRouteRefusesAForgedToken(String route) {
    for (JWTClaimsSet claims : List.of(
        claims().build(),
        claims().claim("scope", "fleet/operator").build(),
        claims().claim("scope", "fleet/device").claim("deviceid", "DEVICEID1").build())) {
      assertForbidden(call(api.token(forged(claims)), route));
    }
  }

  @ParameterizedTest
  @MethodSource("routesOfTheTemplate")
  void everyRouteTellsThatATokenHasExpired(String route) {
    Duration past = Duration.ofSeconds(-1);
    for (String token : List.of(
        issuer.userToken("alice", past),
        issuer.deviceToken("DEVICEID1", past),
        issuer.operatorToken("olga", past))) {
      assertExpired(call(api.token(token), route));
    }
  }

  // Where a token is looked for

  @Test
  void aTokenInTheQueryIsNone() {
    assertUnauthorized(api.nobody()
        .get("/v1/user/devices?access_token=" + issuer.userToken("alice", Duration.ofHours(1))));
  }

  @Test
  void aTokenInACookieIsNone() {
    assertUnauthorized(api.nobody()
        .with("cookie", "authorization=Bearer " + issuer.userToken("alice", Duration.ofHours(1)))
        .get("/v1/user/devices"));
  }

  @Test
  void anEmptyHeaderIsNoToken() {
    assertUnauthorized(api.nobody().with("authorization", "").get("/v1/user/devices"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Basic YWxpY2U6c2VjcmV0",
        "TOKEN",
        "Token TOKEN",
        "DPoP TOKEN",
        "BearerTOKEN",
        "Bearer TOKEN TOKEN",
        "Bearer TOKEN, Bearer TOKEN",
        "Bearer TOKEN.",
        "Bearer .TOKEN",
      })
  void whatIsNotOneBearerTokenIsForbidden(String authorization) {
    String token = issuer.userToken("alice", Duration.ofHours(1));
    assertForbidden(api.nobody()
        .with("authorization", authorization.replace("TOKEN", token))
        .get("/v1/user/devices"));
  }

  @Test
  void twoHeadersAreForbidden() {
    String token = "Bearer " + issuer.userToken("alice", Duration.ofHours(1));
    assertForbidden(api.nobody()
        .with("authorization", token)
        .with("authorization", token)
        .get("/v1/user/devices"));
  }

  @Test
  void theSchemeMayBeWrittenInAnyCase() {
    String token = "bearer " + issuer.userToken(unique("alice"), Duration.ofHours(1));
    assertThat(api.nobody().with("authorization", token).get("/v1/user/devices").status())
        .isEqualTo(200);
  }

  // Forged and foreign

  private String issuerName() {
    return api.system().uri() + "/local";
  }

  /** A user's token as the issuer makes it. */
  private JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(issuerName())
        .audience(LocalIssuer.AUDIENCE)
        .subject("alice")
        .expirationTime(Date.from(Instant.now().plusSeconds(3_600)));
  }

  private ECKey publicKey() {
    try {
      return JWKSet.parse(issuer.jwks()).getKeys().get(0).toECKey();
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private String forged(JWTClaimsSet claims) {
    try {
      ECKey key = new ECKeyGenerator(Curve.P_256).keyID(publicKey().getKeyID()).generate();
      return sign(
          new JWSHeader.Builder(JWSAlgorithm.ES256)
              .keyID(key.getKeyID())
              .jwk(key.toPublicJWK())
              .jwkURL(URI.create(issuerName() + "/../attacker/jwks"))
              .build(),
          claims,
          new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private String withThePublicKeyAsASecret(JWTClaimsSet claims) {
    try {
      ECKey key = publicKey();
      return sign(
          new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
          claims,
          new MACSigner(key.toECPublicKey().getEncoded()));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer)
      throws JOSEException {
    SignedJWT token = new SignedJWT(header, claims);
    token.sign(signer);
    return token.serialize();
  }

  @Test
  void theClaimsThatAreVariedBelowAreGoodAsTheyAre() {
    assertThat(api.token(issuer.sign(claims().build())).get("/v1/user/devices").status())
        .isEqualTo(200);
  }

  private record Bad(String what, String token) {}

  private List<Bad> badTokens() {
    Date soon = Date.from(Instant.now().plusSeconds(600));
    String[] good = issuer.sign(claims().build()).split("\\.", -1);
    String[] other = forged(claims().subject("bob").build()).split("\\.", -1);
    return List.of(
        new Bad("another key under the same id", forged(claims().build())),
        new Bad("no signature", new PlainJWT(claims().build()).serialize()),
        new Bad("the public key as a secret", withThePublicKeyAsASecret(claims().build())),
        new Bad(
            "another issuer",
            issuer.sign(claims().issuer("https://attacker.example.com").build())),
        new Bad(
            "the issuer with a slash",
            issuer.sign(claims().issuer(issuerName() + "/").build())),
        new Bad("another audience", issuer.sign(claims().audience("another-api").build())),
        new Bad("no audience", issuer.sign(claims().audience(List.of()).build())),
        new Bad("not valid yet", issuer.sign(claims().notBeforeTime(soon).build())),
        new Bad("an id token", issuer.sign(claims().claim("nonce", "x").build())),
        new Bad(
            "an id token of Cognito",
            issuer.sign(claims().claim("token_use", "id").build())),
        new Bad("no expiry", issuer.sign(claims().expirationTime(null).build())),
        new Bad(
            "an expiry of the wrong type",
            issuer.sign(claims().claim("exp", "never").build())),
        new Bad("nobody", issuer.sign(claims().subject(null).build())),
        new Bad("a blank subject", issuer.sign(claims().subject(" ").build())),
        new Bad(
            "a device without its id",
            issuer.sign(claims().claim("scope", "fleet/device").build())),
        new Bad("a swapped payload", good[0] + "." + other[1] + "." + good[2]),
        new Bad(
            "a signature cut short",
            String.join(".", good).substring(0, good[0].length() + good[1].length() + 20)),
        new Bad("two parts", good[0] + "." + good[1]),
        new Bad("four parts", String.join(".", good) + ".x"),
        new Bad("null, three times", "bnVsbA.bnVsbA.bnVsbA"),
        new Bad("empty objects", "e30.e30.e30"),
        new Bad("dots", ".."));
  }

  @Test
  void aTokenThatIsWrongInOneWayIsForbidden() {
    assertThat(badTokens())
        .allSatisfy(bad -> assertForbidden(api.token(bad.token()).get("/v1/user/devices")));
  }

  // Size

  @Test
  void aTokenThatJustFitsIntoTheHeadersIsGood() {
    String token = issuer.sign(claims().claim("padding", "x".repeat(7_000)).build());
    assertThat(token.length()).isBetween(9_000, 10_000);
    assertThat(api.token(token).get("/v1/user/devices").status()).isEqualTo(200);
  }

  @Test
  void aTokenOf11KilobytesIsTooLargeForTheGateway() {
    assertThat(api.token("x".repeat(11_000)).get("/v1/user/devices").status()).isEqualTo(431);
  }

  static Stream<String> hugeTokens() {
    return Stream.of("x".repeat(100_000), "e30." + "x".repeat(100_000) + ".x");
  }

  /** The gateway may end the connection before it has read all of it. */
  @ParameterizedTest
  @MethodSource("hugeTokens")
  void aTokenOf100KilobytesGetsNowhere(String token) {
    int status;
    try {
      status = api.token(token).get("/v1/user/devices").status();
    } catch (UncheckedIOException e) {
      return;
    }
    assertThat(status).isEqualTo(431);
  }

  // Time

  @Test
  void aTokenThatExpiresWhileTheAuthorizersAnswerIsCachedIsRefused() throws Exception {
    try (ClockedSystem own = new ClockedSystem(Map.of())) {
      String token = own.system().issuer().userToken("alice", Duration.ofSeconds(60));
      Caller alice = own.api().token(token);
      assertThat(alice.get("/v1/user/devices").status()).isEqualTo(200);
      own.clock().pass(Duration.ofSeconds(59));
      assertThat(alice.get("/v1/user/devices").status()).isEqualTo(200);
      own.clock().pass(Duration.ofSeconds(1));
      assertExpired(alice.get("/v1/user/devices"));
    }
  }
}
