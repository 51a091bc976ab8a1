package io.fleetwell.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.UploadsBucket;
import io.fleetwell.testing.journey.RecordedEvents;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Web pages of others that call the local system from the user's browser: under their own name, to which they gave the
 * address 127.0.0.1 (DNS rebinding), or across origins. The requests are those of a browser, written to a socket.
 */
@Tag("own-stores")
@ExtendWith(RunningSystem.class)
class BrowserPagesTest {
  private final LocalSystem system;
  private final URI dynamoDb;
  private final URI s3;

  BrowserPagesTest(LocalSystem system) {
    this.system = system;
    this.dynamoDb = URI.create(system.environment().get(Aws.DYNAMODB_ENDPOINT));
    this.s3 = URI.create(system.environment().get(Aws.S3_ENDPOINT));
  }

  /** Sends a request, and returns the whole answer as text. The last header may be followed by a body. */
  private static String answerTo(URI server, String start, String... headers) throws IOException {
    String lines = String.join("\r\n", headers);
    String end = lines.contains("\r\n\r\n") ? "" : "\r\n\r\n";
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket
          .getOutputStream()
          .write("%s\r\nConnection: close\r\n%s%s".formatted(start, lines, end).getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private String tokenPage(String host, String... headers) throws IOException {
    return answerTo(
        system.uri(),
        "GET /local/token?user=alice HTTP/1.1",
        Stream.concat(Stream.of("Host: " + host), Stream.of(headers)).toArray(String[]::new));
  }

  private static void assertMisdirected(String answer) {
    assertThat(answer)
        .startsWith("HTTP/1.1 421 Misdirected Request\r\n")
        .endsWith(
            "{\"message\":\"This server answers only calls to this machine: use localhost, 127.0.0.1 or [::1] as the host.\"}");
  }

  // The name of the host

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "evil.localhost",
        "localhost.",
        "127.0.0.1.evil.example",
        "127.0.0.2",
        "127.1",
        "2130706433",
        "0.0.0.0",
        "[::]",
        "[::2]",
        "10.0.0.1",
      })
  void aRequestForAnotherHostIsRefusedByEveryServerWithAnAnswerForScripts(String host)
      throws IOException {
    assertMisdirected(tokenPage(host));
    for (String path : List.of("/docs", "/local/jwks", "/v1/user/devices", "/")) {
      assertMisdirected(answerTo(system.uri(), "GET " + path + " HTTP/1.1", "Host: " + host));
    }
    assertMisdirected(listTables("Host: " + host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:9000",
        "LocalHost",
        "127.0.0.1",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:8080"
      })
  void aRequestForThisMachineIsAnsweredOnAnyPort(String host) throws IOException {
    assertThat(tokenPage(host)).startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(listTables("Host: " + host)).startsWith("HTTP/1.1 200 OK\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: localhost\r\nHost: evil.example",
        "Host: localhost, evil.example",
        "Host: localhost/evil.example",
        "Host: evil.example#localhost",
        "Host: localhost@evil.example",
        "Host:",
        "X-Forwarded-Host: localhost",
      })
  void aRequestWithAMalformedHostIsRefused(String headers) throws IOException {
    assertThat(answerTo(system.uri(), "GET /local/token?user=alice HTTP/1.1", headers))
        .startsWith("HTTP/1.1 4")
        .doesNotContain("eyJ");
  }

  @Test
  void theHostOfTheRequestLineCounts() throws IOException {
    String start = "GET http://%s/local/token?user=alice HTTP/1.1";
    assertMisdirected(
        answerTo(system.uri(), start.formatted("evil.example"), "Host: evil.example"));
    assertThat(answerTo(system.uri(), start.formatted("evil.example"), "Host: localhost"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(answerTo(system.uri(), start.formatted("localhost"), "Host: localhost"))
        .startsWith("HTTP/1.1 200 OK\r\n");
  }

  /** Only the browser's name for the server is forged: the token is good. */
  @Test
  void evenACallWithATokenIsRefused() throws IOException {
    String token = "Authorization: Bearer " + system.userToken("alice");
    String call = "GET /v1/user/devices HTTP/1.1";
    assertMisdirected(answerTo(system.uri(), call, "Host: evil.example", token));
    assertThat(answerTo(system.uri(), call, "Host: localhost", token))
        .startsWith("HTTP/1.1 200 OK\r\n");
  }

  // The stores

  private String listTables(String host) throws IOException {
    return listTables(dynamoDb, host, "");
  }

  private static String listTables(URI dynamoDb, String host, String header) throws IOException {
    return answerTo(
        dynamoDb,
        "POST / HTTP/1.1",
        host,
        "Content-Type: application/x-amz-json-1.0",
        "X-Amz-Target: DynamoDB_20120810.ListTables",
        "Authorization: AWS4-HMAC-SHA256 Credential=local/20261128/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        header + "Content-Length: 2\r\n\r\n{}");
  }

  /** s3proxy does not check the host, but every request's signature. */
  @Test
  void nobodyCanSignForS3WithASecretThatIsKnown() {
    Map<String, String> guessed = LocalAccount.environment(dynamoDb, s3);
    try (S3Client stranger = UploadsBucket.client(guessed);
        S3Client own = UploadsBucket.client(system.environment())) {
      assertThatThrownBy(stranger::listBuckets)
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
      assertThat(own.listBuckets().buckets()).isNotEmpty();
    }
  }

  @Test
  void s3RefusesWhatIsNotSigned() throws IOException {
    String object = "logs/%s/crashdump/id".formatted(Api.unique("device"));
    try (UploadsBucket uploads = new UploadsBucket(system)) {
      uploads.put(object, "secret".getBytes(UTF_8), Map.of());
    }
    for (String call : List.of(
        "GET /",
        "GET /Uploads",
        "GET /Uploads?list-type=2",
        "GET /Uploads/" + object,
        "PUT /Uploads/" + object,
        "DELETE /Uploads/" + object)) {
      assertThat(answerTo(s3, call + " HTTP/1.1", "Host: evil.example"))
          .as(call)
          .startsWith("HTTP/1.1 403 ");
    }
  }

  @Test
  void theSecretOfS3IsNewAtEachStart(@TempDir Path folder) throws Exception {
    try (LocalSystem other = LocalSystem.start(Project.settings(folder))) {
      assertThat(other.environment().get(LocalAccount.SECRET_VARIABLE))
          .isNotEqualTo(system.environment().get(LocalAccount.SECRET_VARIABLE));
    }
  }

  // The functions

  private URI lambda() {
    Template.Function caller = system.template().schedules().get(0).function();
    return URI.create(system.environment(caller).get(Aws.LAMBDA_ENDPOINT));
  }

  private String callOfAFunction(String device, String... headers) throws IOException {
    String event = new String(RecordedEvents.event("PutDevice", device), UTF_8);
    String length = "Content-Length: %d\r\n\r\n%s".formatted(event.getBytes(UTF_8).length, event);
    return answerTo(
        lambda(),
        "POST %s/2015-03-31/functions/PutDevice%%3Alive/invocations HTTP/1.1"
            .formatted(lambda().getPath()),
        Stream.concat(Stream.of(headers), Stream.of("Content-Type: text/plain", length))
            .toArray(String[]::new));
  }

  /** A browser sends such a call without asking, with an event that says who calls. */
  @Test
  void aPageCannotCallAFunctionPastTheGateway() throws IOException {
    String device = Api.unique("D");
    assertThat(callOfAFunction(device, "Host: localhost", "Origin: https://evil.example"))
        .startsWith("HTTP/1.1 403 Forbidden\r\n");
    assertThat(
            new Api(system).operator().get("/v1/devices/%s1".formatted(device)).status())
        .isEqualTo(404);
    assertMisdirected(callOfAFunction(device, "Host: evil.example"));
  }

  /** Only a preflight would let a page send this header, and no preflight is answered. */
  @Test
  void aFunctionCallsAnotherOneWithASignature() throws IOException {
    String signed = "Authorization: AWS4-HMAC-SHA256 Credential=local";
    assertThat(callOfAFunction(Api.unique("D"), "Host: localhost", signed))
        .startsWith("HTTP/1.1 200 OK\r\n");
    assertNotReadable(answerTo(
        lambda(),
        "OPTIONS %s/2015-03-31/functions/PutDevice%%3Alive/invocations HTTP/1.1"
            .formatted(lambda().getPath()),
        "Host: localhost",
        "Origin: https://evil.example",
        asking("POST")));
  }

  // Other origins

  /** The answers of all servers of the system but the API's, to a page of another origin that reads or asks to. */
  private static List<String> answersBesideTheApi(LocalSystem running) throws IOException {
    String origin = "Origin: https://evil.example";
    String own = "Host: localhost";
    URI tables = URI.create(running.environment().get(Aws.DYNAMODB_ENDPOINT));
    URI files = URI.create(running.environment().get(Aws.S3_ENDPOINT));
    return List.of(
        answerTo(running.uri(), "GET /local/token?user=alice HTTP/1.1", own, origin),
        answerTo(running.uri(), "OPTIONS /local/token HTTP/1.1", own, origin, asking("GET")),
        answerTo(running.uri(), "GET /local/jwks HTTP/1.1", own, origin),
        answerTo(running.uri(), "GET /local/folders HTTP/1.1", own, origin),
        answerTo(tables, "OPTIONS / HTTP/1.1", own, origin, asking("POST")),
        listTables(tables, own, origin + "\r\n"),
        answerTo(files, "OPTIONS /Uploads/logs HTTP/1.1", own, origin, asking("GET")));
  }

  /** The answers of the API to such a page. */
  private static List<String> answersOfTheApi(LocalSystem running) throws IOException {
    String origin = "Origin: https://evil.example";
    String own = "Host: localhost";
    String token = "Authorization: Bearer " + running.userToken("alice");
    return List.of(
        answerTo(running.uri(), "GET /v1/user/devices HTTP/1.1", own, origin, token),
        answerTo(running.uri(), "GET /v1/user/devices HTTP/1.1", own, origin),
        answerTo(running.uri(), "GET /openapi.json HTTP/1.1", own, origin),
        answerTo(running.uri(), "OPTIONS /v1/user/devices HTTP/1.1", own, origin, asking("GET")));
  }

  private static void assertNotReadable(String answer) {
    assertThat(answer.toLowerCase(Locale.ROOT))
        .startsWith("http/1.1 ")
        .doesNotContain("access-control-allow-origin");
  }

  @Test
  void noServerLetsAPageOfAnotherOriginReadAnAnswer() throws IOException {
    assertThat(answersBesideTheApi(system)).allSatisfy(BrowserPagesTest::assertNotReadable);
    assertThat(answersOfTheApi(system)).allSatisfy(BrowserPagesTest::assertNotReadable);
  }

  @Test
  void withCorsOriginsAPageReadsTheApiAndNothingElse(@TempDir Path folder) throws Exception {
    try (LocalSystem open =
        LocalSystem.start(Project.settings(folder, Map.of("CorsOrigins", "*")))) {
      assertThat(answersBesideTheApi(open)).allSatisfy(BrowserPagesTest::assertNotReadable);
      assertThat(answersOfTheApi(open))
          .allSatisfy(answer -> assertThat(answer.toLowerCase(Locale.ROOT))
              .contains("\r\naccess-control-allow-origin: *\r\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Origin: https://evil.example", "Sec-Fetch-Site: cross-site"})
  void aPageOfAnotherOriginLearnsNoPathOfThisMachine(String header) throws IOException {
    assertThat(answerTo(system.uri(), "GET /local/folders HTTP/1.1", "Host: localhost", header))
        .startsWith("HTTP/1.1 403 Forbidden\r\n")
        .doesNotContain(system.functionLogs().toString());
  }

  private static String asking(String method) {
    return "Access-Control-Request-Method: %s\r\nAccess-Control-Request-Headers: authorization"
        .formatted(method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:3000",
        "Origin: https://localhost",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
      })
  void aPageOfAnotherOriginGetsNoToken(String header) throws IOException {
    assertThat(tokenPage("localhost", header))
        .startsWith("HTTP/1.1 403 Forbidden\r\n")
        .endsWith("A page of another origin gets no token.\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://localhost",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: none",
        "User-Agent: curl/8"
      })
  void aPageOfTheSystemAndACommandGetATokenThatNoOtherPageCanEmbed(String header)
      throws IOException {
    assertThat(tokenPage("localhost", header).toLowerCase(Locale.ROOT))
        .startsWith("http/1.1 200 ok\r\n")
        .contains("\r\ncross-origin-resource-policy: same-origin\r\n")
        .contains("\r\nx-content-type-options: nosniff\r\n");
  }
}
