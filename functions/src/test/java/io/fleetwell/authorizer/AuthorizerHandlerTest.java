package io.fleetwell.authorizer;

import static io.fleetwell.authorizer.Tokens.AUDIENCE;
import static io.fleetwell.authorizer.Tokens.NOW;
import static io.fleetwell.authorizer.Tokens.claims;
import static io.fleetwell.authorizer.Tokens.rsaKey;
import static io.fleetwell.authorizer.Tokens.sign;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.RecordingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizerHandlerTest {
  private static final RSAKey KEY = rsaKey("key");
  private static final JsonMapper MAPPER = new JsonMapper();

  private final TestIssuer issuer = new TestIssuer(KEY.toPublicJWK());
  private final RecordingContext context = new RecordingContext();
  private final AuthorizerHandler handler = handlerFor(issuer.url());

  @AfterEach
  void stopTheIssuer() {
    issuer.close();
  }

  /** The environment of a function that calls no store. */
  static final Map<String, String> ENVIRONMENT = Map.of(
      "REQUEST_LOGS", "true",
      "METRICS_NAMESPACE", "Fleetwell/test",
      "AWS_REGION", "eu-west-1",
      "AWS_ACCESS_KEY_ID", "key",
      "AWS_SECRET_ACCESS_KEY", "secret",
      "DEVICE_KEYS_TABLE", "DeviceKeys",
      "DEVICE_AUDIENCE", "fleetwell",
      "DEVICE_TOKEN_SECONDS", "86400");

  private static AuthorizerHandler handlerFor(String issuer) {
    Map<String, String> environment = new HashMap<>(ENVIRONMENT);
    environment.put("OIDC_ISSUER", issuer);
    environment.put("OIDC_AUDIENCE", "another-app, " + AUDIENCE);
    return new AuthorizerHandler(new Aws(environment, Clock.fixed(NOW, ZoneOffset.UTC)));
  }

  /** The recorded event, with another token. */
  private static ObjectNode event(String authorization) throws IOException {
    ObjectNode event = (ObjectNode)
        MAPPER.readTree(Files.readAllBytes(Path.of("..", "events", "Authorizer.json")));
    event.putArray("identitySource").add(authorization);
    event.withObject("/headers").put("authorization", authorization);
    return event;
  }

  private JsonNode answerTo(JsonNode event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    handler.handleRequest(new ByteArrayInputStream(event.toString().getBytes(UTF_8)), out, context);
    return MAPPER.readTree(out.toByteArray());
  }

  private String token() {
    return sign(KEY, claims(issuer.url()).build());
  }

  @Test
  void aValidTokenIsAuthorizedWithItsCaller() throws IOException {
    assertThat(answerTo(event("Bearer " + token())).toString())
        .isEqualTo(
            "{\"isAuthorized\":true,\"context\":{\"kind\":\"user\",\"id\":\"alice\",\"exp\":%d}}"
                .formatted(NOW.getEpochSecond() + 3_600));
  }

  @Test
  void anExpiredTokenIsPassedOnWithItsExpiry() throws IOException {
    String expired = sign(
        KEY, claims(issuer.url()).expirationTime(Date.from(NOW.minusSeconds(5))).build());
    JsonNode answer = answerTo(event("Bearer " + expired));
    assertThat(answer.path("isAuthorized").booleanValue()).isTrue();
    assertThat(answer.path("context").path("exp").longValue()).isEqualTo(NOW.getEpochSecond() - 5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer TOKEN", "bearer TOKEN", "BEARER TOKEN", "bEaReR TOKEN"})
  void theSchemeIsCaseInsensitive(String authorization) throws IOException {
    assertThat(answerTo(event(authorization.replace("TOKEN", token())))
            .path("isAuthorized")
            .booleanValue())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer  ",
        "TOKEN",
        "BearerTOKEN",
        "Bearer:TOKEN",
        "Basic TOKEN",
        "Basic YWxpY2U6c2VjcmV0",
        "DPoP TOKEN",
        "Token TOKEN",
        "Bearer \"TOKEN\"",
        "Bearer token=TOKEN",
        "Bearer  TOKEN",
        "Bearer\tTOKEN",
        "Bearer \tTOKEN",
        " Bearer TOKEN",
        "Bearer TOKEN ",
        "Bearer TOKEN\t",
        "Bearer TOKEN\r\n",
        "Bearer TOKEN\u00a0",
        "Bearer TOKEN TOKEN",
        "Bearer TOKEN,Bearer TOKEN",
        "Bearer TOKEN, Basic YWxpY2U6c2VjcmV0",
        "Bearer TOKEN.",
        "Bearer bnVsbA.bnVsbA.bnVsbA",
        "Bearer x.TOKEN",
      })
  void anythingButOneBearerTokenIsRefused(String authorization) throws IOException {
    JsonNode answer = answerTo(event(authorization.replace("TOKEN", token())));
    assertThat(answer.toString()).isEqualTo("{\"isAuthorized\":false}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"identitySource\": null}",
        "{\"identitySource\": []}",
        "{\"identitySource\": [null]}",
        "{\"identitySource\": [5]}",
        "{\"identitySource\": {\"0\": \"Bearer x\"}}",
      })
  void anEventWithoutAnIdentityIsRefused(String event) throws IOException {
    assertThat(answerTo(MAPPER.readTree(event)).toString()).isEqualTo("{\"isAuthorized\":false}");
  }

  /** The gateway caches the answer by the header alone, for all routes. */
  @Test
  void theAnswerDependsOnlyOnTheToken() throws IOException {
    String authorization = "Bearer " + token();
    ObjectNode other = MAPPER.createObjectNode();
    other.putArray("identitySource").add(authorization);
    other.put("routeKey", "DELETE /v1/firmware");
    assertThat(answerTo(other)).isEqualTo(answerTo(event(authorization)));
  }

  @Test
  void aRefusalIsLoggedWithItsReasonButWithoutTheToken() throws IOException {
    String token =
        sign(rsaKey("key"), claims(issuer.url()).subject("alice-the-secret").build());
    answerTo(event("Bearer " + token));
    JsonNode line = MAPPER.readTree(context.logged());
    assertThat(line.path("authorized")).isEqualTo(BooleanNode.FALSE);
    assertThat(line.path("Reason").textValue()).isEqualTo("wrong-signature");
    assertThat(line.path("TokensRefused").intValue()).isEqualTo(1);
    assertThat(context.logged())
        .doesNotContain("alice-the-secret")
        .doesNotContain(token.substring(0, 20));
  }

  /** The token names no key, so it is refused without a store. */
  private String loggedClaimOf(JWTClaimsSet claims) throws IOException {
    JWSHeader header = new JWSHeader(JWSAlgorithm.RS256);
    answerTo(event("Bearer " + sign(header, claims.toString(), rsaKey("key"))));
    return MAPPER.readTree(context.logged()).path("claimedDeviceId").asText();
  }

  @Test
  void aRefusalNamesTheDeviceThatTheTokenClaimsToBeOf() throws IOException {
    assertThat(loggedClaimOf(claims("GHOST1").subject("GHOST1").build())).isEqualTo("GHOST1");
    // No key proved it.
    assertThat(context.logged()).doesNotContain("DevicesRefused").contains("\"INFO\"");
  }

  @Test
  void aRefusalNamesTheDeviceOfATokenThatIsNotCanonical() throws IOException {
    String token = sign(rsaKey("key"), claims("GHOST1").subject("GHOST1").build());
    answerTo(event("Bearer " + token + "="));
    assertThat(MAPPER.readTree(context.logged()).path("claimedDeviceId").asText())
        .isEqualTo("GHOST1");
  }

  static Stream<JWTClaimsSet> claimsWithoutADevice() {
    return Stream.of(
        claims("https://issuer.example").subject("alice").build(),
        claims("GHOST1").subject("alice").build(),
        claims("gh\u00f6st").subject("gh\u00f6st").build(),
        claims("x".repeat(129)).subject("x".repeat(129)).build(),
        claims("..").subject("..").build(),
        claims("https://issuer.example").claim("deviceid", "GHOST 1").build(),
        claims("https://issuer.example").claim("deviceid", List.of("GHOST1")).build());
  }

  @ParameterizedTest
  @MethodSource("claimsWithoutADevice")
  void aRefusalNamesNothingElseOfTheToken(JWTClaimsSet claims) throws IOException {
    assertThat(loggedClaimOf(claims)).isEmpty();
    assertThat(context.logged()).doesNotContain("alice", "GHOST", "xxx");
  }

  /** A refusal would stay in the gateway's cache after the outage. */
  @Test
  void anUnreachableIssuerIsAFailureNotARefusal() throws IOException {
    AuthorizerHandler alone = handlerFor(TestIssuer.unreachable());
    byte[] event = event("Bearer " + token()).toString().getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatIllegalStateException()
        .isThrownBy(() -> alone.handleRequest(new ByteArrayInputStream(event), out, context));
    assertThat(out.size()).isZero();
  }
}
