package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.TestClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway tells browsers about pages of other origins. */
class GatewayCorsHttpTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String APP = "https://app.example.com";
  private static final String CONSOLE = "http://localhost:3000";

  /** What a page of the app may read of every answer. */
  private static final Map<String, String> READABLE =
      Map.of("access-control-allow-origin", APP, "access-control-expose-headers", "etag,date");

  private final TestClock clock = new TestClock(Instant.parse("2026-11-28T07:00:00Z"));
  private GatewayServer server;

  /** Answers with CORS headers of its own. */
  public static final class Permissive implements RequestStreamHandler {
    public Permissive(Aws aws) {
      assertThat(aws).isNotNull();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
        throws IOException {
      out.write(
          Api.JSON.writeValueAsBytes(
              Api.json(
                  "{'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': '*', 'access-control-allow-credentials': 'true', 'etag': 'W/1'}}")));
    }
  }

  @BeforeEach
  void start() throws Exception {
    start(List.of(APP, CONSOLE));
  }

  private void start(List<String> origins) throws Exception {
    Map<String, LambdaFunction> routes = Map.of(
        "GET /things/{thing}",
        function(Permissive.class),
        "PUT /things/{thing}",
        function(Permissive.class),
        "GET /broken",
        function(GatewayHttpTest.Broken.class));
    Cors cors = new Cors(
        origins,
        List.of("GET", "PUT"),
        List.of("authorization", "if-match"),
        List.of("etag", "date"),
        600);
    LambdaFunction doorman = function(GatewayHttpTest.Doorman.class);
    server = GatewayServer.start(routes, doorman, Duration.ZERO, Optional.of(cors), clock);
  }

  private LambdaFunction function(Class<? extends RequestStreamHandler> handler) {
    return GatewayServer.function(handler, Duration.ofSeconds(15), clock);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    return send(method, path, new byte[0], headers);
  }

  private HttpResponse<String> send(String method, String path, byte[] body, String... headers)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(server.uri() + path))
            .method(method, BodyPublishers.ofByteArray(body))
            .headers(headers)
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> preflight(String path, String origin) throws Exception {
    return send(
        "OPTIONS",
        path,
        "Origin",
        origin,
        "Access-Control-Request-Method",
        "PUT",
        "Access-Control-Request-Headers",
        "authorization,if-match");
  }

  private static Map<String, String> corsHeaders(HttpResponse<String> response) {
    Map<String, String> headers = new TreeMap<>();
    response.headers().map().forEach((name, values) -> {
      if (name.startsWith("access-control-")) {
        headers.put(name, String.join(" and ", values));
      }
    });
    return headers;
  }

  @ParameterizedTest
  @ValueSource(strings = {APP, CONSOLE})
  void aPreflightOfEachAllowedOriginIsAnsweredWithoutATokenAndARoute(String origin)
      throws Exception {
    for (String path : List.of("/things/a", "/nowhere")) {
      HttpResponse<String> response = preflight(path, origin);
      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.body()).isEmpty();
      assertThat(corsHeaders(response))
          .isEqualTo(Map.of(
              "access-control-allow-origin", origin,
              "access-control-allow-methods", "GET,PUT",
              "access-control-allow-headers", "authorization,if-match",
              "access-control-max-age", "600"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://app.example.com.evil.example",
        "https://evil.app.example.com",
        "https://app.example.com,http://localhost:3000",
        "http://localhost",
        "null",
        "*",
      })
  void aPageOfAnyOtherOriginGetsNoPermissionAndReadsNothing(String origin) throws Exception {
    assertThat(corsHeaders(preflight("/things/a", origin))).isEmpty();
    assertThat(corsHeaders(send("GET", "/things/a", "Authorization", "please", "Origin", origin)))
        .isEmpty();
    assertThat(corsHeaders(send("GET", "/nowhere", "Origin", origin))).isEmpty();
  }

  @Test
  void optionsWithoutAMethodIsNoPreflight() throws Exception {
    assertThat(corsHeaders(send("OPTIONS", "/things/a", "Origin", APP))).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1} as {2} is {3}")
  @CsvSource({
    "GET, /things/a, please, 200",
    "GET, /nowhere, please, 404",
    "DELETE, /things/a, please, 404",
    "GET, /things/a, '', 401",
    "GET, /things/a, stranger, 403",
    "GET, /things/a, crash, 500",
    "GET, /broken, please, 500",
  })
  void aPageOfAnAllowedOriginReadsEveryAnswer(
      String method, String path, String identity, int status) throws Exception {
    HttpResponse<String> response = send(method, path, "Origin", APP, "Authorization", identity);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(corsHeaders(response)).isEqualTo(READABLE);
  }

  @Test
  void aPageOfAnAllowedOriginReadsThatItsBodyIsTooLarge() throws Exception {
    HttpResponse<String> response =
        send("PUT", "/things/a", new byte[10 * 1_024 * 1_024 + 1], "Origin", APP);
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(corsHeaders(response)).isEqualTo(READABLE);
  }

  @Test
  void corsHeadersOfAFunctionAreIgnoredAndItsOthersAreNot() throws Exception {
    HttpResponse<String> response = send("GET", "/things/a", "Authorization", "please");
    assertThat(corsHeaders(response)).isEmpty();
    assertThat(response.headers().firstValue("etag")).contains("W/1");
  }

  @Test
  void aWildcardAllowsPagesOfEveryOrigin() throws Exception {
    stop();
    start(List.of("*"));
    assertThat(corsHeaders(preflight("/things/a", "https://any.example")))
        .containsEntry("access-control-allow-origin", "*")
        .containsEntry("access-control-allow-headers", "authorization,if-match");
    assertThat(corsHeaders(
            send("GET", "/things/a", "Authorization", "please", "Origin", "https://any.example")))
        .containsEntry("access-control-allow-origin", "*")
        .doesNotContainKey("access-control-allow-credentials");
    assertThat(corsHeaders(send("GET", "/things/a", "Authorization", "please"))).isEmpty();
  }
}
