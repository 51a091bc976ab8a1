package io.fleetwell.auth;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.fleetwell.local.LocalIssuer;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.RunningSystem;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a token is read from, how large it may be, and when it expires. The access table covers invalid tokens. */
@ExtendWith(RunningSystem.class)
class TokensHttpTest {
  private final Api api;
  private final LocalIssuer issuer;

  TokensHttpTest(Api api) {
    this.api = api;
    this.issuer = api.system().issuer();
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

  // Where a token is read from

  @Test
  void aTokenInTheQueryIsIgnored() {
    assertUnauthorized(api.nobody()
        .get("/v1/user/devices?access_token=" + issuer.userToken("alice", Duration.ofHours(1))));
  }

  @Test
  void aTokenInACookieIsIgnored() {
    assertUnauthorized(api.nobody()
        .with("cookie", "authorization=Bearer " + issuer.userToken("alice", Duration.ofHours(1)))
        .get("/v1/user/devices"));
  }

  @Test
  void anEmptyHeaderIsUnauthorized() {
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
        "Bearer  TOKEN",
        "Bearer\tTOKEN",
        "Bearer TOKEN=",
        "Bearer TOKEN==",
        "Bearer +TOKEN",
        "Bearer TOKEN TOKEN",
        "Bearer TOKEN, Bearer TOKEN",
        "Bearer TOKEN.",
        "Bearer .TOKEN",
      })
  void aHeaderWithoutExactlyOneBearerTokenIsForbidden(String authorization) {
    String token = issuer.userToken("alice", Duration.ofHours(1));
    assertForbidden(api.nobody()
        .with("authorization", authorization.replace("TOKEN", token))
        .get("/v1/user/devices"));
  }

  @Test
  void twoAuthorizationHeadersAreForbidden() {
    String token = "Bearer " + issuer.userToken("alice", Duration.ofHours(1));
    assertForbidden(api.nobody()
        .with("authorization", token)
        .with("authorization", token)
        .get("/v1/user/devices"));
  }

  @Test
  void theSchemeIsCaseInsensitive() {
    String token = "bearer " + issuer.userToken(unique("alice"), Duration.ofHours(1));
    assertThat(api.nobody().with("authorization", token).get("/v1/user/devices").status())
        .isEqualTo(200);
  }

  /** White space around a header's value is not part of it (RFC 9110, 5.5), so it makes no other token. */
  @Test
  void whiteSpaceAroundTheHeadersValueIsIgnored() {
    String token = "\t Bearer " + issuer.userToken(unique("alice"), Duration.ofHours(1)) + " \t";
    assertThat(api.nobody().with("authorization", token).get("/v1/user/devices").status())
        .isEqualTo(200);
  }

  // Size

  @Test
  void theLongestTokenThatFitsIntoTheHeadersIsAccepted() {
    String token = issuer.sign(new JWTClaimsSet.Builder()
        .issuer(api.system().uri() + "/local")
        .audience(LocalIssuer.AUDIENCE)
        .subject("alice")
        .expirationTime(Date.from(Instant.now().plusSeconds(3_600)))
        .claim("padding", "x".repeat(7_000))
        .build());
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

  /** The gateway may close the connection before it has read the whole token. */
  @ParameterizedTest
  @MethodSource("hugeTokens")
  void aTokenOf100KilobytesIsRefused(String token) {
    int status;
    try {
      status = api.token(token).get("/v1/user/devices").status();
    } catch (UncheckedIOException e) {
      return;
    }
    assertThat(status).isEqualTo(431);
  }

  // Expiry

  @Test
  void aTokenExpiresDespiteTheAuthorizersCache() throws Exception {
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
