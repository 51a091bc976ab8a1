package io.fleetwell.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import io.fleetwell.telemetry.Metric;
import io.fleetwell.testing.RecordingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHandlerTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String REQUEST_ID = "JKJaXmPLvHcESHA=";

  private static final Aws AWS = new Aws(
      Map.of("REQUEST_LOGS", "true", "METRICS_NAMESPACE", "Fleetwell/test"),
      Clock.fixed(NOW, ZoneOffset.UTC));

  private final RecordingContext context = new RecordingContext();
  private final ObjectNode event = event();

  /** A handler for users with a given behaviour. */
  private static final class ForUsers extends HttpHandler {
    private final Function<Request, Response> behaviour;

    ForUsers(Function<Request, Response> behaviour) {
      super(AWS, Kind.USER);
      this.behaviour = behaviour;
    }

    @Override
    protected Set<String> parameters() {
      return Set.of("serial", "serial-regex", "test");
    }

    @Override
    protected Response handle(Request request) {
      return behaviour.apply(request);
    }
  }

  /** A handler for operators alone, which greets. */
  private static final class ForOperators extends HttpHandler {
    ForOperators() {
      super(AWS, Kind.OPERATOR);
    }

    @Override
    protected Set<String> parameters() {
      return Set.of("limit");
    }

    @Override
    protected Response handle(Request request) {
      return hello(request);
    }
  }

  private static ObjectNode event() {
    ObjectNode event = Json.object();
    event
        .put("version", "2.0")
        .put("routeKey", "PUT /v1/user/devices/{deviceid}")
        .put("rawQueryString", "");
    event.putObject("headers").put("content-type", "application/json");
    ObjectNode requestContext = event.putObject("requestContext");
    requestContext.put("requestId", REQUEST_ID);
    requestContext
        .putObject("authorizer")
        .putObject("lambda")
        .put("kind", "user")
        .put("id", "alice")
        .put("exp", NOW.getEpochSecond() + 60);
    return event;
  }

  private ObjectNode caller() {
    return event.withObject("/requestContext/authorizer/lambda");
  }

  private ObjectNode headers() {
    return event.withObject("/headers");
  }

  private JsonNode answerOf(HttpHandler handler) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    handler.handleRequest(new ByteArrayInputStream(event.toString().getBytes(UTF_8)), out, context);
    return JSON.readTree(out.toByteArray());
  }

  private JsonNode answerOf(Function<Request, Response> behaviour) throws IOException {
    return answerOf(new ForUsers(behaviour));
  }

  /** The log line of the only call. */
  private JsonNode line() throws IOException {
    assertThat(context.logged().lines()).hasSize(1);
    return JSON.readTree(context.logged());
  }

  @Test
  void anErrorIsLoggedWithTheVersionOfTheFunctionAndTheTrace() throws IOException {
    answerOf(request -> {
      throw new IllegalStateException("broken");
    });
    assertThat(context.logged())
        .startsWith("fault in request " + REQUEST_ID)
        .contains("\nfunction version 7, trace 1-6741f0a0-0123456789abcdef01234567;\n");
  }

  private static Response hello(Request request) {
    return Response.ok(Json.object().put("hello", request.caller().id()));
  }

  private static Response echo(Request request) {
    return Response.ok(request.jsonObject());
  }

  private static void assertProblem(JsonNode answer, int status, String name) throws IOException {
    assertThat(answer.path("statusCode").intValue()).isEqualTo(status);
    assertThat(answer.path("headers").path("content-type").textValue())
        .isEqualTo("application/problem+json");
    JsonNode problem = JSON.readTree(answer.path("body").textValue());
    assertThat(problem.path("type").textValue()).isEqualTo("urn:fleetwell:problem:" + name);
    assertThat(problem.path("requestid").textValue()).isEqualTo(REQUEST_ID);
  }

  @Test
  void aCallerOfTheRightKindIsAnswered() throws IOException {
    JsonNode answer = answerOf(HttpHandlerTest::hello);
    assertThat(answer.path("statusCode").intValue()).isEqualTo(200);
    assertThat(answer.path("body").textValue()).isEqualTo("{\"hello\":\"alice\"}");
    assertThat(answer.path("isBase64Encoded").booleanValue()).isFalse();
    assertThat(answer.path("headers").path("cache-control").textValue()).isEqualTo("no-store");
  }

  // The caller

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[]", "\"\"", "{\"lambda\": null}", "{\"jwt\": {}}"})
  void anEventWithoutTheAuthorizersContextIs401(String authorizer) throws IOException {
    event.withObject("/requestContext").set("authorizer", JSON.readTree(authorizer));
    JsonNode answer = answerOf(HttpHandlerTest::hello);
    assertProblem(answer, 401, "unauthenticated");
    assertThat(answer.path("headers").path("www-authenticate").textValue()).isEqualTo("Bearer");
  }

  @Test
  void anEventWithoutARequestContextIs401() throws IOException {
    event.remove("requestContext");
    assertThat(answerOf(HttpHandlerTest::hello).path("statusCode").intValue()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kind", "id", "exp"})
  void anIncompleteContextIs401(String part) throws IOException {
    caller().remove(part);
    assertProblem(answerOf(HttpHandlerTest::hello), 401, "unauthenticated");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "kind null",
        "kind \"\"",
        "kind \"admin\"",
        "kind \"USER\"",
        "kind \"user\\u0020\"",
        "kind 2",
        "kind [\"user\"]",
        "id null",
        "id \"\"",
        "id 5",
        "id true",
        "id [\"alice\"]",
        "id {}",
        "exp null",
        "exp true",
        "exp \"\"",
        "exp \"never\"",
        "exp \"1e99\"",
        "exp 1.5",
        "exp [4102444800]",
        "exp 1000000000000000000",
        "exp 99999999999999999999999999",
      })
  void aMalformedContextIs401(String part, String json) throws IOException {
    caller().set(part, JSON.readTree(json));
    assertProblem(answerOf(HttpHandlerTest::hello), 401, "unauthenticated");
  }

  /** A REST API passes all context on as strings. The behaviour of an HTTP API is not documented. */
  @Test
  void theExpiryMayBeText() throws IOException {
    caller().put("exp", String.valueOf(NOW.getEpochSecond() + 1));
    assertThat(answerOf(HttpHandlerTest::hello).path("statusCode").intValue()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, -1_000_000})
  void aTokenIs401FromItsExpiry(long secondsLeft) throws IOException {
    caller().put("exp", NOW.getEpochSecond() + secondsLeft);
    JsonNode answer = answerOf(HttpHandlerTest::hello);
    assertProblem(answer, 401, "token-expired");
    assertThat(answer.path("headers").path("www-authenticate").textValue())
        .startsWith("Bearer error=\"invalid_token\"");
  }

  @Test
  void aTokenIsAcceptedUntilASecondBeforeItsExpiry() throws IOException {
    caller().put("exp", NOW.getEpochSecond() + 1);
    assertThat(answerOf(HttpHandlerTest::hello).path("statusCode").intValue()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"DEVICE", "OPERATOR"})
  void callersOfOtherKindsAreRefused(Kind kind) throws IOException {
    caller().put("kind", Words.of(kind));
    assertProblem(answerOf(HttpHandlerTest::hello), 403, "forbidden");
  }

  @Test
  void anExpiredTokenIsReportedBeforeTheWrongKindOfCaller() throws IOException {
    caller().put("kind", "device").put("exp", NOW.getEpochSecond());
    assertProblem(answerOf(HttpHandlerTest::hello), 401, "token-expired");
  }

  // Failures

  @Test
  void anUnforeseenErrorIsA500WithoutInternals() throws IOException {
    JsonNode answer = answerOf(request -> {
      throw new IllegalStateException("table Devices-XYZ is gone");
    });
    assertProblem(answer, 500, "internal");
    assertThat(answer.toString())
        .doesNotContain("Devices-XYZ", "IllegalState", "io.fleetwell", "Exception");
  }

  @Test
  void anUnforeseenErrorIsLoggedUnderTheRequestId() throws IOException {
    answerOf(request -> {
      throw new IllegalStateException("table Devices-XYZ is gone");
    });
    assertThat(context.logged()).contains(REQUEST_ID, "Devices-XYZ", "HttpHandlerTest");
  }

  @Test
  void aFailureIsAnsweredWithItsProblem() throws IOException {
    JsonNode answer = answerOf(request -> {
      throw Failure.notFound("There is no device X that you may see.");
    });
    assertProblem(answer, 404, "not-found");
    assertThat(answer.path("body").textValue()).contains("There is no device X that you may see.");
  }

  @Test
  void aClientErrorIsOneLogLineWithTheProblem() throws IOException {
    answerOf(request -> {
      throw Failure.invalid("No.");
    });
    assertThat(line().path("status").intValue()).isEqualTo(400);
    assertThat(line().path("problem").textValue()).isEqualTo("invalid");
    assertThat(line().path("level").textValue()).isEqualTo("INFO");
  }

  @Test
  void eachCallIsOneLogLine() throws IOException {
    answerOf(HttpHandlerTest::hello);
    ObjectNode line = (ObjectNode) line();
    assertThat(line.remove("milliseconds").intValue()).isBetween(0, 60_000);
    assertThat(line)
        .isEqualTo(Json.object()
            .put("timestamp", NOW.toString())
            .put("level", "INFO")
            .put("requestId", REQUEST_ID)
            .put("route", "PUT /v1/user/devices/{deviceid}")
            .put("caller", "user")
            .put("status", 200));
  }

  @ParameterizedTest
  @CsvSource({
    "pathParameters, DEVICEID1, DEVICEID1",
    "queryStringParameters, DEVICEID1, DEVICEID1",
    "pathParameters, alice@example.com,",
    "pathParameters, a b,",
    "queryStringParameters, 'D1,D2',",
  })
  void aWellFormedDeviceidIsLogged(String where, String given, @Nullable String logged)
      throws IOException {
    event.putObject(where).put("deviceid", given);
    answerOf(HttpHandlerTest::hello);
    assertThat(line().path("deviceId").textValue()).isEqualTo(logged);
  }

  @Test
  void aCallingDeviceIsLoggedIfTheRequestNamesNone() throws IOException {
    caller().put("kind", "device").put("id", "DEVICEID1");
    answerOf(HttpHandlerTest::hello);
    assertThat(line().path("deviceId").textValue()).isEqualTo("DEVICEID1");
  }

  @Test
  void metricsAreInTheLogLine() throws IOException {
    answerOf(request -> Response.noContent()
        .counting(
            Metric.of("Releases"),
            Metric.by("Rule", "zip64", "UploadsRefused"),
            Metric.by("Rule", "zip64", "Others")));
    assertThat(line().path("Releases").intValue()).isEqualTo(1);
    assertThat(line().path("Rule").textValue()).isEqualTo("zip64");
    assertThat(line().path("_aws")).isEqualTo(JSON.readTree("""
            {"Timestamp": 1772366400000,
             "CloudWatchMetrics": [
               {"Namespace": "Fleetwell/test", "Dimensions": [[]],
                "Metrics": [{"Name": "Releases", "Unit": "Count"}]},
               {"Namespace": "Fleetwell/test", "Dimensions": [[], ["Rule"]],
                "Metrics": [{"Name": "UploadsRefused", "Unit": "Count"},
                            {"Name": "Others", "Unit": "Count"}]}]}
            """));
  }

  @Test
  void aFailureIsCountedToo() throws IOException {
    JsonNode answer = answerOf(
        request -> Response.of(Failure.notFound("No."), request).counting(Metric.of("Misses")));
    assertProblem(answer, 404, "not-found");
    assertThat(line().path("Misses").intValue()).isEqualTo(1);
    assertThat(line().path("problem").textValue()).isEqualTo("not-found");
  }

  @Test
  void anOutageIsLoggedWithItsCause() throws IOException {
    JsonNode answer = answerOf(request -> {
      throw Failure.unavailable(new IllegalStateException("Devices-XYZ timed out"));
    });
    assertProblem(answer, 503, "unavailable");
    assertThat(answer.toString()).doesNotContain("Devices-XYZ");
    assertThat(context.logged()).contains(REQUEST_ID, "Devices-XYZ timed out");
  }

  // The body

  @Test
  void aBodyArrivesAsText() throws IOException {
    event.put("body", "{\"name\":\"黑猫\"}").put("isBase64Encoded", false);
    assertThat(answerOf(HttpHandlerTest::echo).path("body").textValue())
        .isEqualTo("{\"name\":\"黑猫\"}");
  }

  @Test
  void aBodyArrivesAsBase64() throws IOException {
    event.put("body", base64("{\"name\":\"黑猫\"}")).put("isBase64Encoded", true);
    assertThat(answerOf(HttpHandlerTest::echo).path("body").textValue())
        .isEqualTo("{\"name\":\"黑猫\"}");
  }

  @Test
  void onlyTheFlagDecidesThatABodyIsBase64() throws IOException {
    event.put("body", base64("{}")).put("isBase64Encoded", false);
    assertProblem(answerOf(HttpHandlerTest::echo), 400, "invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "e30=\n", "e3=0", "=", "é"})
  void malformedBase64IsRefused(String body) throws IOException {
    event.put("body", body).put("isBase64Encoded", true);
    assertProblem(answerOf(HttpHandlerTest::echo), 400, "invalid");
  }

  @Test
  void aMissingBodyIsRefused() throws IOException {
    event.putNull("body").put("isBase64Encoded", false);
    assertProblem(answerOf(HttpHandlerTest::echo), 400, "invalid");
  }

  @ParameterizedTest
  @CsvSource({"65536, false, 200", "65536, true, 200", "65537, false, 413", "65537, true, 413"})
  void aBodyMayHave64Kibibytes(int size, boolean base64, int status) throws IOException {
    String json = "{\"a\":\"" + "x".repeat(size - 8) + "\"}";
    event.put("body", base64 ? base64(json) : json).put("isBase64Encoded", base64);
    assertThat(answerOf(HttpHandlerTest::echo).path("statusCode").intValue()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"65534, false, 200", "65537, false, 413", "65537, true, 413"})
  void theBodysLimitIsInBytes(int size, boolean base64, int status) throws IOException {
    String json = "{\"a\":\"" + "é".repeat((size - 8) / 2) + "x".repeat(size % 2) + "\"}";
    assertThat(json.getBytes(UTF_8)).hasSize(size);
    event.put("body", base64 ? base64(json) : json).put("isBase64Encoded", base64);
    assertThat(answerOf(HttpHandlerTest::echo).path("statusCode").intValue()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void aByteOrderMarkAtTheStartIsIgnored(boolean base64) throws IOException {
    String json = "\ufeff {\"name\":\"\ufeff\"}";
    event.put("body", base64 ? base64(json) : json).put("isBase64Encoded", base64);
    assertThat(answerOf(HttpHandlerTest::echo).path("body").textValue())
        .isEqualTo("{\"name\":\"\ufeff\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ufeff\ufeff{}", " \ufeff{}", "{}\ufeff", "\ufeff", "\ufffe{}", "ï»¿{}"})
  void anyOtherByteOrderMarkIsRefused(String body) throws IOException {
    event.put("body", body);
    assertProblem(answerOf(HttpHandlerTest::echo), 400, "invalid");
  }

  @Test
  void aByteOrderMarkIsNotCounted() throws IOException {
    event.put("body", "\ufeff{\"a\":\"" + "x".repeat(65_536 - 8) + "\"}");
    assertThat(answerOf(HttpHandlerTest::echo).path("statusCode").intValue()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\ufeff", "\ufeff\r\n"})
  void anOptionalBodyMayBeBlank(String body) throws IOException {
    event.put("body", body);
    JsonNode answer = answerOf(request -> Response.text(
        200, "text/plain", String.valueOf(request.optionalJsonObject().isPresent())));
    assertThat(answer.path("body").textValue()).isEqualTo("false");
  }

  @Test
  void aByteOrderMarkBeforeTheFirstLineIsIgnored() throws IOException {
    headers().put("content-type", "application/x-ndjson");
    event.put("body", "\ufeff{}\n\ufeff{}\n{}");
    JsonNode answer = answerOf(request -> request
        .jsonLines()
        .answerEach(line -> line, line -> "same", line -> Json.object().put("status", 200)));
    assertThat(answer.path("body").textValue().lines())
        .extracting(line -> JSON.readTree(line).path("status").intValue())
        .containsExactly(200, 400, 200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "GZIP",
        "br",
        "deflate",
        "identity, gzip",
        " zstd ,identity",
        "gzip,br",
        "x"
      })
  void aBodyInAnotherEncodingThanIdentityIsRefused(String encoding) throws IOException {
    headers().put("content-encoding", encoding);
    event.put("body", "{}");
    JsonNode answer = answerOf(HttpHandlerTest::echo);
    assertProblem(answer, 415, "unsupported-type");
    String coding = encoding.replace("identity", "").replaceAll("^[ ,]+|[ ,].*$", "");
    assertThat(answer.path("body").textValue()).contains("Content-Encoding " + coding + " is not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "Identity", " identity ", "identity,identity", "", ","})
  void theEncodingIdentityIsAccepted(String encoding) throws IOException {
    headers().put("content-encoding", encoding);
    event.put("body", "{}");
    assertThat(answerOf(HttpHandlerTest::echo).path("statusCode").intValue()).isEqualTo(200);
  }

  @Test
  void anEncodingIsReportedBeforeTheSizeAndTheContentOfABody() throws IOException {
    headers().put("content-encoding", "gzip");
    event.put("body", "{\"a\":\"" + "x".repeat(65_537)).put("isBase64Encoded", true);
    assertProblem(answerOf(HttpHandlerTest::echo), 415, "unsupported-type");
  }

  @Test
  void aRouteWithoutABodyIgnoresContentEncoding() throws IOException {
    headers().put("content-encoding", "gzip");
    assertThat(answerOf(HttpHandlerTest::hello).path("statusCode").intValue()).isEqualTo(200);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
        "APPLICATION/JSON",
        " application/json ",
        "application/merge-patch+json",
        "application/vnd.maker.device+json; version=1",
      })
  void everyJsonTypeIsAccepted(String contentType) throws IOException {
    headers().put("content-type", contentType);
    event.put("body", "{}");
    assertThat(answerOf(HttpHandlerTest::echo).path("statusCode").intValue()).isEqualTo(200);
  }

  @Test
  void aBodyWithoutATypeIsReadAsJson() throws IOException {
    headers().remove("content-type");
    event.put("body", "{}");
    assertThat(answerOf(HttpHandlerTest::echo).path("statusCode").intValue()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "text/plain",
        "text/json",
        "application/jsonp",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/xml",
        "json",
        "text/plain; x=application/json",
        "application/json,text/plain",
      })
  void otherTypesThanJsonAreRefused(String contentType) throws IOException {
    headers().put("content-type", contentType);
    event.put("body", "{}");
    assertProblem(answerOf(HttpHandlerTest::echo), 415, "unsupported-type");
  }

  // If-None-Match

  private static Response revised(Request request) {
    return Response.ok(Json.object().put("a", 1))
        .withRevision("7-x", NOW)
        .counting(Metric.of("Reads"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | \"7-x\" | 304",
        "GET | W/\"7-x\" | 304",
        "GET | '\"6-x\", \"7-x\"' | 304",
        "GET | * | 304",
        "GET | \"7-y\" | 200",
        "GET | 7-x | 400",
        "GET | '' | 400",
        "HEAD | \"7-x\" | 304",
        "PUT | \"7-x\" | 200",
        "DELETE | * | 200",
      })
  void aReadOfWhatTheCallerHasIsNotModified(String method, String header, int status)
      throws IOException {
    event.put("routeKey", method + " /v1/devices/{deviceid}");
    headers().put("if-none-match", header);
    assertThat(answerOf(HttpHandlerTest::revised).path("statusCode").intValue()).isEqualTo(status);
  }

  @Test
  void aNotModifiedAnswerHasNoBodyAndOnlyTheHeadersForCaches() throws IOException {
    event.put("routeKey", "GET /v1/devices/{deviceid}");
    headers().put("if-none-match", "*");
    assertThat(answerOf(HttpHandlerTest::revised)).isEqualTo(JSON.readTree("""
            {"statusCode": 304, "headers": {"cache-control": "no-store", "etag": "\\"7-x\\""},
             "body": "", "isBase64Encoded": false}
            """));
    assertThat(line().path("Reads").intValue()).isEqualTo(1);
  }

  @Test
  void aNotModifiedAnswerSaysWhenToAskAgain() throws IOException {
    event.put("routeKey", "GET /v1/devices/firmware");
    headers().put("if-none-match", "*");
    JsonNode answer = answerOf(request -> revised(request).with("retry-after", "60"));
    assertThat(answer.path("statusCode").intValue()).isEqualTo(304);
    assertThat(answer.path("headers").path("retry-after").textValue()).isEqualTo("60");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "\"7-x\"", "malformed"})
  void ifNoneMatchMakesNoDifferenceToAFailureOrAnAnswerWithoutARevision(String header)
      throws IOException {
    event.put("routeKey", "GET /v1/devices/{deviceid}");
    headers().put("if-none-match", header);
    assertThat(answerOf(HttpHandlerTest::hello).path("statusCode").intValue()).isEqualTo(200);
    JsonNode failed = answerOf(request -> {
      throw Failure.notFound("No.");
    });
    assertProblem(failed, 404, "not-found");
  }

  // HEAD

  @Test
  void anAnswerToHeadHasTheHeadersOfTheOneToGetAndNoBody() throws IOException {
    event.put("routeKey", "HEAD /v1/devices/firmware");
    JsonNode answer = answerOf(
        request -> Response.ok(Json.object().put("name", "黑猫")).counting(Metric.of("Checks")));
    assertThat(answer).isEqualTo(JSON.readTree("""
            {"statusCode": 200, "headers": {"cache-control": "no-store", "content-type": "application/json",
             "content-length": "17"}, "body": "", "isBase64Encoded": false}
            """));
    assertThat(line().path("Checks").intValue()).isEqualTo(1);
  }

  @Test
  void aProblemInAnAnswerToHeadHasNoBodyEither() throws IOException {
    event.put("routeKey", "HEAD /v1/devices/firmware");
    JsonNode answer = answerOf(request -> {
      throw Failure.notFound("No.");
    });
    assertThat(answer.path("statusCode").intValue()).isEqualTo(404);
    assertThat(answer.path("headers").path("content-type").textValue())
        .isEqualTo("application/problem+json");
    assertThat(answer.path("body").textValue()).isEmpty();
    assertThat(line().path("problem").textValue()).isEqualTo("not-found");
  }

  @Test
  void anAnswerWithoutABodyHasNoContentLength() throws IOException {
    event.put("routeKey", "HEAD /v1/devices/firmware");
    headers().put("if-none-match", "*");
    assertThat(answerOf(HttpHandlerTest::revised).path("headers").has("content-length"))
        .isFalse();
  }

  // The rest of the request

  @Test
  void aPathParameterIsNotDecodedAgain() throws IOException {
    event.putObject("pathParameters").put("deviceid", "A%2FB+C");
    JsonNode answer = answerOf(
        request -> Response.ok(Json.object().put("id", request.pathParameter("deviceid"))));
    assertThat(answer.path("body").textValue()).isEqualTo("{\"id\":\"A%2FB+C\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "serial=", "serial", "x=1&serial=&y", "%73erial="})
  void aParameterWithoutAValueIsNotGiven(String query) throws IOException {
    event.put("rawQueryString", query);
    JsonNode answer = answerOf(request ->
        Response.text(200, "text/plain", request.parameter("serial").orElse("not given")));
    assertThat(answer.path("body").textValue()).isEqualTo("not given");
  }

  @Test
  void readingAParameterThatTheRouteDoesNotDeclareIsAnError() throws IOException {
    event.put("rawQueryString", "verison=1");
    JsonNode answer = answerOf(
        request -> Response.text(200, "text/plain", request.parameter("verison").get()));
    assertProblem(answer, 500, "internal");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limti=1", "limit=1&x=2", "x", "=", "%6Cimit=1&%6Cimits", "Limit=1"})
  void aRouteForOperatorsAloneRefusesUnknownParameters(String query) throws IOException {
    caller().put("kind", "operator");
    event.put("rawQueryString", query);
    assertProblem(answerOf(new ForOperators()), 400, "invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "limit=1", "limit", "&limit=1&", "%6Cimit=1", "limit=1&limit=%zz"})
  void aRouteForOperatorsAloneAcceptsItsParameters(String query) throws IOException {
    caller().put("kind", "operator");
    event.put("rawQueryString", query);
    assertThat(answerOf(new ForOperators()).path("statusCode").intValue()).isEqualTo(200);
  }

  @Test
  void anotherCallerOfARouteForOperatorsLearnsNothingOfItsParameters() throws IOException {
    event.put("rawQueryString", "x=1");
    assertProblem(answerOf(new ForOperators()), 403, "forbidden");
  }

  @Test
  void aRouteForUsersIgnoresUnknownParameters() throws IOException {
    event.put("rawQueryString", "serail=1&x=2");
    assertThat(answerOf(HttpHandlerTest::hello).path("statusCode").intValue()).isEqualTo(200);
  }

  @Test
  void anEmptiableParameterIsGivenWithoutAValue() throws IOException {
    event.put("rawQueryString", "serial-regex=");
    JsonNode answer = answerOf(request -> Response.text(
        200, "text/plain", request.emptiableParameter("serial-regex").orElse("not given")));
    assertThat(answer.path("body").textValue()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'serial=%20S-17%0D%0A', S-17", "'serial=e%CC%81', é", "'serial=', not given"})
  void aComparedParameterHasItsForm(String query, String value) throws IOException {
    event.put("rawQueryString", query);
    JsonNode answer = answerOf(request ->
        Response.text(200, "text/plain", request.comparedParameter("serial").orElse("not given")));
    assertThat(answer.path("body").textValue()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"serial=%20", "serial=+", "serial=%00", "serial=%C2%A0%0A", "serial=%EF%BB%BF"})
  void aComparedParameterOfWhiteSpaceAloneIsRefused(String query) throws IOException {
    event.put("rawQueryString", query);
    assertProblem(
        answerOf(request -> Response.text(
            200, "text/plain", request.comparedParameter("serial").orElse("not given"))),
        400,
        "invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"test=yes", "test=1", "test=TRUE", "test=%20", "test=true&test=true"})
  void aFlagIsTrueOrFalse(String query) throws IOException {
    event.put("rawQueryString", query);
    assertProblem(
        answerOf(request -> Response.text(200, "text/plain", String.valueOf(request.flag("test")))),
        400,
        "invalid");
  }

  /** The gateway's own decoding joins repeated parameters with a comma, which a value may contain too. */
  @Test
  void theGatewaysOwnDecodingOfTheQueryIsNotUsed() throws IOException {
    event.put("rawQueryString", "serial=1,2");
    event.putObject("queryStringParameters").put("serial", "something else");
    JsonNode answer = answerOf(
        request -> Response.text(200, "text/plain", request.parameter("serial").orElse("nothing")));
    assertThat(answer.path("body").textValue()).isEqualTo("1,2");
  }

  @Test
  void anAlmostEmptyEventIs401() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ForUsers(HttpHandlerTest::hello)
        .handleRequest(new ByteArrayInputStream("{}".getBytes(UTF_8)), out, context);
    assertThat(JSON.readTree(out.toByteArray()).path("statusCode").intValue()).isEqualTo(401);
  }
}
