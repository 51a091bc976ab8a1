package io.fleetwell.local;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** A page that calls the API in a browser, from an origin of its own. Needs Chromium and its driver; skipped without them. */
class WebAppTest {
  /** Makes each of {@code calls} in turn, and writes what the page learns of the answers into the document. */
  private static final String PAGE = """
      <!doctype html><pre id="learned"></pre><script>
      async function learn({url, ...options}) {
        try {
          const answer = await fetch(url, options)
          const headers = Object.fromEntries(answer.headers)
          const text = await answer.text()
          return {status: answer.status, headers, body: text ? JSON.parse(text) : {}}
        } catch (e) {
          return {refused: e.name}
        }
      }
      async function learnAll(calls) {
        const learned = []
        for (const call of calls) learned.push(await learn(call))
        document.getElementById("learned").textContent = btoa(JSON.stringify(learned))
      }
      learnAll(%s)
      </script>
      """;

  private static final JsonNode REFUSED = json("{'refused': 'TypeError'}");

  @TempDir
  Path data;

  private final String device = unique("device");
  private final List<Map<String, Object>> calls = new ArrayList<>();
  private Server app = new Server();
  private Server stranger = new Server();

  @SuppressWarnings("NullAway.Init")
  private LocalSystem system;

  /** Serves the page with the calls. */
  private final class Page extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      String page = PAGE.formatted(Api.JSON.writeValueAsString(calls));
      response.getHeaders().put("content-type", "text/html; charset=utf-8");
      response.write(true, ByteBuffer.wrap(page.getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    app = Servers.onLoopback(0, new Page());
    app.start();
    stranger = Servers.onLoopback(0, new Page());
    stranger.start();
    system = RunningSystem.start(
        Project.settings(data, Map.of("CorsOrigins", Servers.uri(app).toString())));
  }

  @AfterEach
  void stop() throws Exception {
    system.close();
    app.stop();
    stranger.stop();
  }

  private void call(String method, String path, Map<String, String> headers) {
    calls.add(Map.of("url", system.uri() + path, "method", method, "headers", headers));
  }

  private void put(String path, String json, Map<String, String> headers) {
    calls.add(Map.of(
        "url",
        system.uri() + path,
        "method",
        "PUT",
        "headers",
        headers,
        "body",
        json.replace('\'', '"')));
  }

  private Map<String, String> token() {
    return Map.of("authorization", "Bearer " + system.userToken("alice"));
  }

  private Map<String, String> tokenAnd(String name, String value) {
    Map<String, String> headers = new HashMap<>(token());
    headers.put("content-type", "application/json");
    headers.put(name, value);
    return headers;
  }

  /** What a page of this server learns from its calls. The element is visible once it has a text. */
  private static JsonNode learnedBy(Server page) throws Exception {
    try (Browser browser = Browser.start()) {
      By learned = By.id("learned");
      browser.open(Servers.uri(page) + "/", learned);
      return Api.JSON.readTree(Base64.getDecoder().decode(browser.shown(learned).getText()));
    }
  }

  private String registerByAlice() {
    return new Api(system)
        .user("alice")
        .put("/v1/user/devices/" + device, "{'devicename': 'Kitchen'}")
        .header("etag");
  }

  @Test
  void anAppReadsAndChangesWithTheETagThatItRead() throws Exception {
    String etag = registerByAlice();
    String path = "/v1/devices/" + device;
    String read = new Api(system).user("alice").get(path).header("etag");
    call("GET", path, token());
    call("GET", path, tokenAnd("if-none-match", read));
    put("/v1/user/devices/" + device, "{'devicename': 'Hall'}", tokenAnd("if-match", etag));
    put("/v1/user/devices/" + device, "{'devicename': 'Attic'}", tokenAnd("if-match", etag));
    JsonNode learned = learnedBy(app);
    assertThat(learned.path(0).path("status").asInt()).isEqualTo(200);
    assertThat(learned.path(0).path("body").path("devicename").asText()).isEqualTo("Kitchen");
    assertThat(learned.path(0).path("headers").path("etag").asText()).isEqualTo(read);
    assertThat(learned.path(0).path("headers").path("apigw-requestid").asText()).isNotEmpty();
    assertThat(learned.path(0).path("headers").path("date").asText()).endsWith("GMT");
    assertThat(learned.path(1).path("status").asInt()).isEqualTo(304);
    assertThat(learned.path(2).path("status").asInt()).isEqualTo(200);
    assertThat(learned.path(3).path("status").asInt()).isEqualTo(412);
    assertThat(learned.path(3).path("body").path("type").asText())
        .isEqualTo("urn:fleetwell:problem:stale");
  }

  @Test
  void anAppReadsEveryError() throws Exception {
    new Api(system).user("bob").put("/v1/user/devices/owner/" + device);
    call("PUT", "/v1/user/devices/owner/" + device, token());
    call("GET", "/v1/user/devices", Map.of());
    call("GET", "/v1/user/devices", Map.of("authorization", "Bearer forged"));
    call("GET", "/v1/nowhere", token());
    call("DELETE", "/v1/user/devices/owner/" + device, token());
    JsonNode learned = learnedBy(app);
    assertThat(learned.valueStream().map(answer -> answer.path("status").asInt()))
        .containsExactly(409, 401, 403, 404, 404);
    assertThat(learned.path(0).path("body").path("type").asText())
        .isEqualTo("urn:fleetwell:problem:already-owned");
    assertThat(learned.path(1).path("body")).isEqualTo(json("{'message': 'Unauthorized'}"));
  }

  @Test
  void anAppSendsOnlyTheHeadersThatAreAllowedAndReadsNoOthers() throws Exception {
    call("GET", "/v1/user/devices", tokenAnd("x-of-its-own", "1"));
    call("GET", "/v1/user/devices", Map.of());
    JsonNode learned = learnedBy(app);
    assertThat(learned.path(0)).isEqualTo(REFUSED);
    assertThat(learned.path(1).path("status").asInt()).isEqualTo(401);
    assertThat(learned.path(1).path("headers").has("www-authenticate")).isFalse();
  }

  @Test
  void aPageOfAnotherOriginCannotCallAndReadsNothing() throws Exception {
    String etag = registerByAlice();
    call("GET", "/v1/devices/" + device, token());
    put("/v1/user/devices/" + device, "{'devicename': 'Mine'}", tokenAnd("if-match", etag));
    call("GET", "/v1/user/devices", Map.of());
    call("GET", "/v1/nowhere", Map.of());
    assertThat(learnedBy(stranger)).hasSize(4).allMatch(REFUSED::equals);
    assertThat(new Api(system).user("alice").get("/v1/devices/" + device).json().path("devicename"))
        .isEqualTo(json("'Kitchen'"));
  }

  @Test
  void noAppReadsThePagesOfTheLocalSystem() throws Exception {
    call("GET", "/local/token?user=alice", Map.of());
    call("GET", "/local/jwks", Map.of());
    call("GET", "/local/folders", Map.of());
    assertThat(learnedBy(app)).hasSize(3).allMatch(REFUSED::equals);
  }
}
