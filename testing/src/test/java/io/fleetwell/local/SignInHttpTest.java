package io.fleetwell.local;

import static io.fleetwell.local.SignInClient.claimsOf;
import static io.fleetwell.local.SignInClient.codeIn;
import static io.fleetwell.local.SignInClient.exchangeOf;
import static io.fleetwell.local.SignInClient.json;
import static io.fleetwell.local.SignInClient.locationOf;
import static io.fleetwell.local.SignInClient.parametersOf;
import static io.fleetwell.local.SignInClient.request;
import static io.fleetwell.local.SignInClient.with;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in at the local issuer, request by request. */
@ExtendWith(RunningSystem.class)
class SignInHttpTest {
  private static final String CONSOLE = "openid email fleet/console";
  private static final String FIRMWARE = """
      {"devicetype": "Lamp", "region": "*", "version": "1", "downloadurl": "https://downloads.example/1.bin"}""";

  private final Api api;
  private final SignInClient app;

  SignInHttpTest(LocalSystem system) {
    this.api = new Api(system);
    this.app = new SignInClient(system);
  }

  private int statusOf(String token, String path) {
    return api.token(token).get(path).status();
  }

  // Who the person is

  @Test
  void olgaIsAnOperatorInAnAppWithTheScopeOfTheConsole() {
    String token = app.tokensOf("olga", CONSOLE).path("access_token").asText();
    assertThat(api.token(token).post("/v1/firmware", FIRMWARE).status()).isIn(200, 201);
    assertThat(statusOf(token, "/v1/user/devices")).isEqualTo(403);
  }

  @Test
  void olgaIsAUserInAnyOtherApp() {
    String token = app.tokensOf("olga", "openid").path("access_token").asText();
    assertThat(statusOf(token, "/v1/firmware")).isEqualTo(403);
    assertThat(statusOf(token, "/v1/user/devices")).isEqualTo(200);
  }

  @Test
  void sueReadsAndChangesNothing() {
    String token = app.tokensOf("sue", CONSOLE).path("access_token").asText();
    assertThat(statusOf(token, "/v1/firmware")).isEqualTo(200);
    assertThat(api.token(token).post("/v1/firmware", FIRMWARE).status()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {CONSOLE, "openid", ""})
  void aliceIsAUserInEveryApp(String scopes) {
    String token = app.tokensOf("alice", scopes).path("access_token").asText();
    assertThat(statusOf(token, "/v1/user/devices")).isEqualTo(200);
    assertThat(statusOf(token, "/v1/firmware")).isEqualTo(403);
  }

  @Test
  void aTypedNameSignsInWithItsGroup() {
    HttpResponse<String> answer =
        app.signIn(with(request(CONSOLE), "name", "otto@example.com", "group", "operators"));
    JsonNode tokens = json(app.token(exchangeOf(codeIn(answer))));
    assertThat(claimsOf(tokens.path("access_token").asText()))
        .containsEntry("sub", "otto@example.com")
        .containsEntry("cognito:groups", List.of("operators"));
    assertThat(statusOf(tokens.path("access_token").asText(), "/v1/firmware")).isEqualTo(200);
  }

  @Test
  void theIdTokenSaysWhoSignedInAndIsRefusedByTheApi() {
    String token = app.tokensOf("alice", CONSOLE).path("id_token").asText();
    assertThat(claimsOf(token))
        .containsEntry("sub", "alice")
        .containsEntry("aud", List.of("app"))
        .containsEntry("nonce", "a nonce")
        .containsEntry("email", "alice@example.com");
    assertThat(statusOf(token, "/v1/user/devices")).isEqualTo(403);
  }

  /** Its audience is then that of access tokens. */
  @Test
  void anIdTokenIsRefusedEvenIfTheAppHasTheNameOfTheApi() {
    Map<String, String> request =
        with(request("openid"), "client_id", LocalIssuer.AUDIENCE, "nonce", "");
    String code = codeIn(app.signIn(with(request, "person", "alice")));
    JsonNode tokens = json(app.token(with(exchangeOf(code), "client_id", LocalIssuer.AUDIENCE)));
    assertThat(statusOf(tokens.path("access_token").asText(), "/v1/user/devices"))
        .isEqualTo(200);
    assertThat(statusOf(tokens.path("id_token").asText(), "/v1/user/devices")).isEqualTo(403);
  }

  @Test
  void anAppThatDoesNotAskForOpenidGetsNoIdToken() {
    JsonNode tokens = app.tokensOf("alice", "email fleet/operator unknown");
    assertThat(tokens.has("id_token")).isFalse();
    assertThat(tokens.path("scope").asText()).isEqualTo("email");
    assertThat(claimsOf(tokens.path("access_token").asText()))
        .containsEntry("scope", "email")
        .containsEntry("client_id", "app");
  }

  @Test
  void aRefreshTokenIsExchangedOnce() {
    String first = app.tokensOf("olga", CONSOLE).path("refresh_token").asText();
    JsonNode second = app.refresh(first);
    assertThat(statusOf(second.path("access_token").asText(), "/v1/firmware")).isEqualTo(200);
    assertThat(claimsOf(second.path("id_token").asText())).doesNotContainKey("nonce");
    assertThat(app.refresh(first).path("error").asText()).isEqualTo("invalid_grant");
    assertThat(app.refresh(second.path("refresh_token").asText()).path("error").asText())
        .isEqualTo("invalid_grant");
  }

  @Test
  void aCodeThatIsUsedAgainTakesTheRefreshTokenWithIt() {
    String code = app.codeOf("alice", CONSOLE);
    JsonNode tokens = json(app.token(exchangeOf(code)));
    HttpResponse<String> again = app.token(exchangeOf(code));
    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(json(again).path("error").asText()).isEqualTo("invalid_grant");
    assertThat(app.refresh(tokens.path("refresh_token").asText()).path("error").asText())
        .isEqualTo("invalid_grant");
  }

  @Test
  void noAnswerWithTokensIsKeptInACache() {
    assertThat(app.token(exchangeOf(app.codeOf("alice", CONSOLE)))
            .headers()
            .allValues("cache-control"))
        .containsExactly("no-store");
  }

  // The page

  @Test
  void thePageIsNeverFramedAndHasNoScript() {
    HttpResponse<String> page = app.authorize(request(CONSOLE), "sec-fetch-site", "cross-site");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("x-frame-options")).contains("DENY");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("script-src");
    assertThat(page.body()).contains("alice", "bob", "olga", "sue").doesNotContain("<script");
  }

  @Test
  void thePageShowsWhatAnAppSendsAsText() {
    String body = app.authorize(with(
            request(CONSOLE), "client_id", "\"><script>alert(1)</script>", "state", "'\"><b>&"))
        .body();
    assertThat(body)
        .contains(
            "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;", "&#39;&quot;&gt;&lt;b&gt;&amp;")
        .doesNotContain("<script>", "<b>");
  }

  @Test
  void anUnlistedAddressIsShownAnErrorAndGetsNothing() {
    for (String address : List.of("https://evil.example/", "http://localhost@evil.example/")) {
      Map<String, String> request = with(request(CONSOLE), "redirect_uri", address);
      for (HttpResponse<String> answer :
          List.of(app.authorize(request), app.signIn(with(request, "person", "alice")))) {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(locationOf(answer)).isEmpty();
        assertThat(answer.body()).contains("sends people only to");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "prompt, none, login_required",
    "code_challenge_method, plain, invalid_request",
    "code_challenge, '', invalid_request",
    "response_type, token, unsupported_response_type",
  })
  void theAppLearnsWhatIsWrong(String name, String value, String error) {
    HttpResponse<String> answer = app.authorize(with(request(CONSOLE), name, value));
    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(locationOf(answer)).startsWith(SignInClient.REDIRECT + "?");
    assertThat(parametersOf(locationOf(answer)))
        .containsEntry("error", error)
        .containsEntry("state", "a state")
        .doesNotContainKey("code");
  }

  @Test
  void whoCancelsIsNotSignedIn() {
    String address = locationOf(app.signIn(with(request(CONSOLE), "cancel", "true")));
    assertThat(parametersOf(address))
        .containsEntry("error", "access_denied")
        .containsEntry("state", "a state")
        .doesNotContainKey("code");
  }

  @ParameterizedTest
  @CsvSource({"name, ''", "name, a b", "name, <b>", "person, mallory", "group, admins"})
  void aWrongNameIsAskedForAgain(String field, String value) {
    HttpResponse<String> answer =
        app.signIn(with(with(request(CONSOLE), "name", "otto"), field, value));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(locationOf(answer)).isEmpty();
    assertThat(answer.body()).contains("role=\"alert\"", "Somebody else");
  }

  @ParameterizedTest
  @CsvSource({
    "origin, https://evil.example",
    "origin, null",
    "origin, http://127.0.0.1:3000",
    "sec-fetch-site, cross-site",
    "sec-fetch-site, same-site",
  })
  void anotherPageSignsNobodyIn(String header, String value) {
    HttpResponse<String> answer =
        app.signIn(with(request(CONSOLE), "person", "olga"), header, value);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(locationOf(answer)).isEmpty();
  }

  @Test
  void whoSignsOutGoesBackToTheAppOnly() {
    assertThat(locationOf(
            app.get("/local/sign-out?post_logout_redirect_uri=http://localhost:3000/&state=a")))
        .isEqualTo("http://localhost:3000/?state=a");
    assertThat(app.get("/local/sign-out").body()).contains("Signed out");
    assertThat(app.get("/local/sign-out?post_logout_redirect_uri=https://evil.example/")
            .statusCode())
        .isEqualTo(400);
  }

  // Bad input

  private static Map<String, String> requestWithTenKilobytesOf(String name) {
    return with(request(CONSOLE), name, "a".repeat(10_240));
  }

  @Test
  void anAddressOfTenKilobytesIsRefused() {
    assertThat(app.authorize(requestWithTenKilobytesOf("state")).statusCode()).isEqualTo(414);
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "nonce", "client_id", "redirect_uri", "scope", "name"})
  void aFieldOfTenKilobytesIsRefused(String name) {
    HttpResponse<String> answer = app.signIn(requestWithTenKilobytesOf(name));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(locationOf(answer)).isEmpty();
  }

  @Test
  void aBodyThatIsTooLongIsRefused() {
    HttpResponse<String> answer = app.post("/local/token", "a=" + "a".repeat(20_000));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).path("error_description").asText())
        .isEqualTo("The body has more than 16384 bytes.");
  }

  @Test
  void aBodyThatIsNoFormIsRefused() {
    for (HttpResponse<String> answer : List.of(
        app.post("/local/token", "grant_type=refresh_token&grant_type=refresh_token"),
        app.post("/local/token", "grant_type=%zz"),
        app.send("POST", "/local/token", "{}", "content-type", "application/json"))) {
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(json(answer).path("error").asText()).isEqualTo("invalid_request");
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, /local/sign-in, 404", "POST, /local/authorize, 405", "PUT, /local/token, 405"})
  void noOtherMethodSignsIn(String method, String path, int status) {
    assertThat(app.send(method, path, "").statusCode()).isEqualTo(status);
  }

  // Web apps

  private static String allowedBy(HttpResponse<String> answer) {
    return answer.headers().firstValue("access-control-allow-origin").orElse("");
  }

  @Test
  void onlyAListedOriginReadsTokensAndTheMetadata(@TempDir Path folder) throws Exception {
    String listed = "http://localhost:3000";
    try (LocalSystem open =
        RunningSystem.start(Project.settings(folder, Map.of("CorsOrigins", listed)))) {
      SignInClient web = new SignInClient(open);
      String discovery = "/local/.well-known/openid-configuration";
      assertThat(allowedBy(web.get(discovery, "origin", listed))).isEqualTo(listed);
      assertThat(allowedBy(web.get(discovery, "origin", "http://localhost:3001")))
          .isEmpty();
      String code = web.codeOf("olga", CONSOLE);
      HttpResponse<String> stranger =
          web.token(exchangeOf(code), "origin", "http://localhost:3001");
      assertThat(stranger.statusCode()).isEqualTo(403);
      assertThat(allowedBy(stranger)).isEmpty();
      HttpResponse<String> tokens =
          web.token(exchangeOf(code), "origin", listed, "sec-fetch-site", "same-site");
      assertThat(tokens.statusCode()).isEqualTo(200);
      assertThat(allowedBy(tokens)).isEqualTo(listed);
      HttpResponse<String> refused = web.token(exchangeOf(code), "origin", listed);
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(allowedBy(refused)).isEqualTo(listed);
      assertThat(allowedBy(web.send(
              "OPTIONS",
              "/local/token",
              "",
              "origin",
              listed,
              "access-control-request-method",
              "POST")))
          .isEqualTo(listed);
      assertThat(web.signIn(with(request(CONSOLE), "person", "olga"), "origin", listed)
              .statusCode())
          .isEqualTo(403);
      assertThat(web.get("/local/token?user=alice", "origin", listed).statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void withoutCorsOriginsNoOtherOriginGetsTokens() {
    HttpResponse<String> answer =
        app.token(exchangeOf(app.codeOf("olga", CONSOLE)), "origin", "http://localhost:3000");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("CorsOrigins").doesNotContain("eyJ");
  }

  @Test
  void anyoneMayHaveATokenOfSupport() {
    String token = app.get("/local/token?support=sue").body();
    assertThat(statusOf(token, "/v1/firmware")).isEqualTo(200);
    assertThat(api.token(token).post("/v1/firmware", FIRMWARE).status()).isEqualTo(403);
  }
}
