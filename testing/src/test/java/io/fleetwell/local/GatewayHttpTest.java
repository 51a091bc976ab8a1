package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.TestClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The events that the gateway sends to functions, and its handling of their answers. */
class GatewayHttpTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final TestClock clock = new TestClock(Instant.parse("2026-11-23T21:42:08Z"));
  private GatewayServer server;

  /** Answers with the event. */
  public static final class Echo implements RequestStreamHandler {
    public Echo(Aws aws) {
      assertThat(aws).isNotNull();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
        throws IOException {
      ObjectNode answer = (ObjectNode) Api.json("{'statusCode': 200}");
      out.write(Api.JSON.writeValueAsBytes(
          answer.put("body", new String(in.readAllBytes(), StandardCharsets.UTF_8))));
    }
  }

  /** Never answers. */
  public static final class Hanging implements RequestStreamHandler {
    public Hanging(Aws aws) {
      assertThat(aws).isNotNull();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Fails, or returns an invalid answer. */
  public static final class Broken implements RequestStreamHandler {
    public Broken(Aws aws) {
      assertThat(aws).isNotNull();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
        throws IOException {
      JsonNode event = Api.JSON.readTree(in);
      if (event.path("rawQueryString").asText().equals("throw")) {
        throw new IllegalStateException("a secret");
      }
      out.write("{\"hello\":1}".getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Authorizes the token {@code please}, and counts its calls. */
  public static final class Doorman implements RequestStreamHandler {
    private final AtomicInteger asked = new AtomicInteger();

    public Doorman(Aws aws) {
      assertThat(aws).isNotNull();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
        throws IOException {
      String identity = Api.JSON.readTree(in).path("identitySource").path(0).asText();
      if (identity.equals("crash")) {
        throw new IllegalStateException("a secret");
      }
      String answer = switch (identity) {
        case "please" ->
          "{'isAuthorized': true, 'context': {'asked': %d}}".formatted(asked.incrementAndGet());
        case "odd" -> "{'policyDocument': {}}";
        default -> "{'isAuthorized': false}";
      };
      out.write(Api.JSON.writeValueAsBytes(Api.json(answer)));
    }
  }

  @BeforeEach
  void start() throws Exception {
    Map<String, LambdaFunction> routes = Map.of(
        "POST /echo/{thing}",
        function(Echo.class),
        "GET /echo/{thing}",
        function(Echo.class),
        "GET /broken",
        function(Broken.class),
        "GET /hanging",
        GatewayServer.function(Hanging.class, Duration.ofMillis(100), clock));
    server = GatewayServer.start(
        routes, function(Doorman.class), Duration.ofMinutes(5), Optional.empty(), clock);
  }

  private LambdaFunction function(Class<? extends RequestStreamHandler> handler) {
    return GatewayServer.function(handler, Duration.ofSeconds(15), clock);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private HttpResponse<String> send(String method, String path, byte[] body, String... headers)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path))
        .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode event(String path, String... headers) throws Exception {
    return Api.JSON.readTree(
        send("POST", path, "{}".getBytes(StandardCharsets.UTF_8), headers).body());
  }

  @Test
  void theEventHasPayloadFormatTwo() throws Exception {
    JsonNode event = event(
        "/echo/a%20b?x=1&x=2,3&y=a+b",
        "Authorization", "please", "Content-Type", "application/json", "X-Two", "1", "X-Two", "2");
    assertThat(event.path("version").asText()).isEqualTo("2.0");
    assertThat(event.path("routeKey").asText()).isEqualTo("POST /echo/{thing}");
    assertThat(event.path("rawPath").asText()).isEqualTo("/echo/a b");
    assertThat(event.path("rawQueryString").asText()).isEqualTo("x=1&x=2,3&y=a+b");
    assertThat(event.path("queryStringParameters"))
        .isEqualTo(Api.json("{'x': '1,2,3', 'y': 'a b'}"));
    assertThat(event.path("pathParameters")).isEqualTo(Api.json("{'thing': 'a b'}"));
    assertThat(event.path("headers").path("x-two").asText()).isEqualTo("1,2");
    assertThat(event.path("body").asText()).isEqualTo("{}");
    assertThat(event.path("isBase64Encoded").asBoolean()).isFalse();
    JsonNode context = event.path("requestContext");
    assertThat(context.path("stage").asText()).isEqualTo("$default");
    assertThat(context.path("time").asText()).isEqualTo("23/Nov/2026:21:42:08 +0000");
    assertThat(context.path("timeEpoch").asLong()).isEqualTo(clock.millis());
    assertThat(context.path("http").path("method").asText()).isEqualTo("POST");
    assertThat(context.path("authorizer").path("lambda").path("asked").asInt()).isEqualTo(1);
  }

  @Test
  void absentPartsAreOmittedFromTheEvent() throws Exception {
    JsonNode event = Api.JSON.readTree(
        send("GET", "/echo/a", new byte[0], "Authorization", "please").body());
    assertThat(event.has("body")).isFalse();
    assertThat(event.has("cookies")).isFalse();
    assertThat(event.has("queryStringParameters")).isFalse();
    assertThat(event.path("rawQueryString").asText("none")).isEmpty();
  }

  @Test
  void cookiesAreOnlyInTheirList() throws Exception {
    JsonNode event = event("/echo/a", "Authorization", "please", "Cookie", "a=1; b=2");
    assertThat(event.path("cookies")).isEqualTo(Api.json("['a=1', 'b=2']"));
    assertThat(event.path("headers").has("cookie")).isFalse();
  }

  @ParameterizedTest(name = "a body of type {0} is base64: {1}")
  @CsvSource({
    "application/json, false",
    "application/json; charset=utf-8, false",
    "text/plain, false",
    "application/xml, false",
    "application/javascript, false",
    "application/x-www-form-urlencoded, true",
    "multipart/form-data, true",
    "application/octet-stream, true",
    "application/merge-patch+json, true",
  })
  void theContentTypeDecidesWhetherABodyIsBase64(String type, boolean base64) throws Exception {
    JsonNode event = event("/echo/a", "Authorization", "please", "Content-Type", type);
    assertThat(event.path("isBase64Encoded").asBoolean()).isEqualTo(base64);
    assertThat(event.path("body").asText()).isEqualTo(base64 ? "e30=" : "{}");
  }

  @Test
  void aBodyWithoutAContentTypeIsBase64() throws Exception {
    assertThat(
            event("/echo/a", "Authorization", "please").path("isBase64Encoded").asBoolean())
        .isTrue();
  }

  @ParameterizedTest(name = "{0} {1} as {2} is {3}: {4}")
  @CsvSource({
    "GET, /nowhere, please, 404, Not Found",
    "GET, /echo, please, 404, Not Found",
    "OPTIONS, /echo/a, please, 404, Not Found",
    "DELETE, /echo/a, please, 404, Not Found",
    "GET, /echo/a, , 401, Unauthorized",
    "GET, /echo/a, stranger, 403, Forbidden",
    "GET, /echo/a, crash, 500, Internal Server Error",
    "GET, /echo/a, odd, 500, Internal Server Error",
    "GET, /broken, please, 500, Internal Server Error",
    "GET, /broken?throw, please, 500, Internal Server Error",
    "GET, /hanging, please, 500, Internal Server Error",
  })
  void errorsOfTheGatewayHaveItsFormat(
      String method, String path, String identity, int status, String message) throws Exception {
    String[] headers = identity == null ? new String[0] : new String[] {"Authorization", identity};
    HttpResponse<String> response = send(method, path, new byte[0], headers);
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).isEqualTo("{\"message\":\"%s\"}".formatted(message));
    assertThat(response.headers().firstValue("apigw-requestid")).isPresent();
    assertThat(response.headers().firstValue("date")).isPresent();
  }

  @Test
  void aCallWithoutATokenGetsABearerChallenge() throws Exception {
    assertThat(send("GET", "/echo/a", new byte[0]).headers().firstValue("www-authenticate"))
        .contains("Bearer");
  }

  @Test
  void aPayloadOfMoreThanTenMegabytesIs413() throws Exception {
    HttpResponse<String> response =
        send("POST", "/echo/a", new byte[10 * 1_024 * 1_024 + 1], "Authorization", "please");
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).isEqualTo("{\"message\":\"Request Entity Too Large\"}");
  }

  @Test
  void aPayloadAboveLambdasLimitIs413() throws Exception {
    assertThat(send("POST", "/echo/a", new byte[5 * 1_024 * 1_024], "Authorization", "please")
            .statusCode())
        .isEqualTo(413);
  }

  @Test
  void headersOfMoreThanTenKilobytesAre431() throws Exception {
    assertThat(send("GET", "/echo/a", new byte[0], "Authorization", "x".repeat(100_000))
            .statusCode())
        .isEqualTo(431);
  }

  @Test
  void theAuthorizersDecisionIsCachedByTokenForAllRoutes() throws Exception {
    assertThat(asked("/echo/a")).isEqualTo(1);
    assertThat(asked("/echo/b")).isEqualTo(1);
    clock.pass(Duration.ofSeconds(299));
    assertThat(asked("/echo/a")).isEqualTo(1);
    clock.pass(Duration.ofSeconds(1));
    assertThat(asked("/echo/a")).isEqualTo(2);
  }

  private int asked(String path) throws Exception {
    return event(path, "Authorization", "please")
        .path("requestContext")
        .path("authorizer")
        .path("lambda")
        .path("asked")
        .asInt();
  }
}
