package io.fleetwell.http;

import static io.fleetwell.testing.Api.unique;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.OpenApiContract;
import io.fleetwell.testing.Operation;
import io.fleetwell.testing.Operation.Parameter;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.journey.RecordedCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules that hold for every operation with a certain parameter or kind of body. The operations come from the
 * contract, so new ones are tested without a change here.
 */
@ExtendWith(RunningSystem.class)
class EveryOperationHttpTest {
  private static final OpenApiContract CONTRACT = OpenApiContract.read();

  private static final List<String> MALFORMED_DEVICEIDS = List.of(
      "A%2FB",
      "%2F",
      "A%3FB",
      "A%23B",
      "A%252FB",
      "A%25B",
      "..",
      ".",
      "%2e%2E",
      "%2e",
      "..%2f..%2fetc%2fpasswd",
      "A%5CB",
      "A%20B",
      "%20",
      "A%20",
      "A+B",
      "A%2BB",
      "A%0AB",
      "A%0A",
      "A%0D%0AB",
      "A%7FB",
      "%C3%BC",
      "%EF%BC%A1",
      "%D9%A1",
      "%F0%9F%98%80",
      "%FF",
      "%C0%AF",
      "%ED%A0%80",
      "A;B",
      "A*B",
      "A~B",
      "A@B",
      "A,B",
      "A'B",
      "A=B",
      "A&B",
      "A$B",
      "A%22B",
      "A%3CB",
      "%7Bdeviceid%7D",
      "owner",
      "%6Fwner",
      "firmware",
      "%66irmware",
      "x".repeat(129),
      "x".repeat(2_000));

  private static final List<String> LONG_OR_ODD = List.of(
      "x".repeat(1_024),
      "%E9%BB%91".repeat(900),
      "%F0%9F%98%80".repeat(512),
      "%F4%8F%BF%BF".repeat(300),
      "%00",
      "%09",
      "a%09b",
      "%EF%BF%BF",
      "9".repeat(64),
      "(");

  private final Api api;
  private final String id = unique("device");
  private final Caller alice;

  EveryOperationHttpTest(Api api) {
    this.api = api;
    this.alice = api.user(unique("alice"));
  }

  /** All that match but those of {@code HEAD}, which {@link HeadHttpTest} compares with those of {@code GET}. */
  private static List<Operation> operations(Predicate<Operation> which) {
    return CONTRACT.operations(which.and(Predicate.not(Operation::isHead)));
  }

  private static void assertProblem(Answer answer, int status, String problem) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.problem()).isEqualTo(problem);
  }

  /** Refused as invalid, with this parameter as the only error. */
  private static void assertRefusedFor(String parameter, Answer answer) {
    assertProblem(answer, 400, "invalid");
    JsonNode errors = answer.json().path("errors");
    assertThat(errors).as(answer.text()).hasSize(1);
    assertThat(errors.path(0).path("parameter").asText()).isEqualTo(parameter);
    assertThat(answer.json().path("detail").asText())
        .startsWith("The parameter %s %s"
            .formatted(parameter, errors.path(0).path("detail").asText()));
  }

  private static String percentEncoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** The recorded call with the device of this test. */
  private RecordedCall call(Operation operation) {
    return RecordedCall.of(operation.id(), id);
  }

  private Answer send(Operation operation, RecordedCall call) {
    return call.send(caller(operation));
  }

  private Caller caller(Operation operation) {
    return operation.isFor("operator") ? api.operator() : alice;
  }

  private Answer ask(Operation operation, String query) {
    return send(operation, call(operation).withQuery(query));
  }

  // Paths

  static Stream<Arguments> malformedDeviceids() {
    return operations(Operation.with("path", "deviceid")).stream()
        .flatMap(operation -> MALFORMED_DEVICEIDS.stream()
            .filter(id -> !matchesAnotherRoute(operation, id))
            .map(id -> arguments(operation, id)));
  }

  /** Some ids are literal segments of other routes, such as {@code firmware} in {@code GET /v1/devices/firmware}. */
  private static boolean matchesAnotherRoute(Operation operation, String deviceId) {
    String path = operation.path(Map.of("deviceid", deviceId));
    return !CONTRACT.find(operation.method(), path).equals(Optional.of(operation));
  }

  @ParameterizedTest
  @MethodSource("malformedDeviceids")
  void aMalformedDeviceidIsRefusedByEveryOperation(Operation operation, String badId) {
    assertRefusedForItsPath(operation, Map.of("deviceid", badId));
  }

  /** Without {@code errors}, which a refusal of the body would have. */
  private void assertRefusedForItsPath(Operation operation, Map<String, String> values) {
    Answer answer = send(operation, call(operation).withPath(operation.path(values)));
    assertProblem(answer, 400, "invalid");
    assertThat(answer.json().has("errors")).isFalse();
  }

  static Stream<Arguments> otherPathParameters() {
    return operations(it -> true).stream()
        .flatMap(operation -> operation.parameters("path").stream()
            .filter(variable -> !variable.name().equals("deviceid"))
            .map(variable -> arguments(operation, variable.name())));
  }

  @ParameterizedTest
  @MethodSource("otherPathParameters")
  void aMalformedPathParameterIsRefusedByEveryOperation(Operation operation, String variable) {
    for (String value : List.of("A%2FB", "A%20B", "A%0A", "%C3%BC", "%FF", "x".repeat(200))) {
      assertRefusedForItsPath(operation, Map.of("deviceid", id, variable, value));
    }
  }

  // Routes

  static Stream<Arguments> unknownMethods() {
    return operations(it -> true).stream()
        .map(operation -> operation.path(Map.of()))
        .distinct()
        .flatMap(path -> Stream.of(
                "GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "get")
            .filter(method -> CONTRACT.find(method, path).isEmpty())
            .map(method -> arguments(method, path)));
  }

  @ParameterizedTest
  @MethodSource("unknownMethods")
  void anUnknownMethodIs404(String method, String path) {
    assertThat(api.operator().send(method, path, new byte[0]).status()).isEqualTo(404);
  }

  // Parameters

  /** Each query parameter of each operation, with the required ones that it needs before it. */
  static Stream<Arguments> everyParameter() {
    return operations(it -> true).stream()
        .flatMap(operation -> operation.parameters("query").stream()
            .map(parameter ->
                arguments(operation, parameter.name(), otherRequired(operation, parameter))));
  }

  private static String otherRequired(Operation operation, Parameter parameter) {
    return operation.parameters("query").stream()
        .filter(it -> it.required() && !it.equals(parameter))
        .map(it -> it.name() + "=" + percentEncoded(it.example()) + "&")
        .collect(Collectors.joining());
  }

  @ParameterizedTest(name = "{0} with {1}")
  @MethodSource("everyParameter")
  void aRepeatedParameterIsRefused(Operation operation, String name, String needed) {
    String value = "=" + percentEncoded(example(operation, name));
    String once = name + value;
    String spelledOut = HexFormat.of().withPrefix("%").formatHex(name.getBytes(UTF_8));
    for (String again : List.of(once, name + "=another", "&&" + once, spelledOut + value)) {
      Answer answer = ask(operation, needed + once + "&" + again);
      assertRefusedFor(name, answer);
      assertThat(answer.json().path("detail").asText())
          .isEqualTo("The parameter %s is given more than once.", name);
    }
  }

  private static String example(Operation operation, String name) {
    return operation.parameters("query").stream()
        .filter(it -> it.name().equals(name))
        .map(Parameter::example)
        .findFirst()
        .orElseThrow();
  }

  /** Sends the parameter alone and with each other one, because some are read only in combination. */
  @ParameterizedTest(name = "{0} with {1}")
  @MethodSource("everyParameter")
  void aLongOrOddParameterCausesNoServerError(Operation operation, String name, String needed) {
    for (String value : LONG_OR_ODD) {
      String query = needed + name + "=" + value;
      assertThat(ask(operation, query).status()).as(query).isIn(200, 400, 404);
      for (Parameter other : operation.parameters("query")) {
        if (!other.name().equals(name)) {
          String beside =
              "%s=%s&%s".formatted(other.name(), percentEncoded(other.example()), query);
          assertThat(ask(operation, beside).status()).as(beside).isIn(200, 400, 404);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} with {1}")
  @MethodSource("everyParameter")
  void aParameterOf1025CharactersIsRefused(Operation operation, String name, String needed) {
    assertRefusedFor(name, ask(operation, needed + name + "=" + "x".repeat(1_025)));
  }

  /** Parameters without a value, where the contract says otherwise. */
  private static final Set<String> EMPTY_IS_NOT_OMITTED = Set.of("WithdrawFirmware serial-regex");

  @ParameterizedTest(name = "{0} with {1}")
  @MethodSource("everyParameter")
  void aParameterWithoutAValueCountsAsOmitted(Operation operation, String name, String needed) {
    if (EMPTY_IS_NOT_OMITTED.contains(operation.id() + " " + name)) {
      return;
    }
    Answer omitted = ask(operation, needed);
    for (String empty : List.of(name + "=", name)) {
      Answer answer = ask(operation, needed + empty);
      assertThat(answer.status()).as(answer.text()).isEqualTo(omitted.status());
      assertThat(withoutRequestId(answer)).isEqualTo(withoutRequestId(omitted));
    }
  }

  private static String withoutRequestId(Answer answer) {
    return answer.text().replaceFirst("\"requestid\":\"[^\"]*\"", "");
  }

  /** The parameters that rules compare, or that have a syntax. */
  @ParameterizedTest(name = "{0} with {1}")
  @MethodSource("everyParameter")
  void aParameterOfWhiteSpaceAloneIsNeverTakenForOmitted(
      Operation operation, String name, String needed) {
    if (Set.of("id", "serial-regex", "version").contains(name)) {
      return;
    }
    for (String blank : List.of("%20", "+", "%00", "%0A", "%C2%A0", "%E3%80%80")) {
      assertRefusedFor(name, ask(operation, needed + name + "=" + blank));
    }
  }

  @ParameterizedTest(name = "{0} with {1}")
  @MethodSource("everyParameter")
  void aMalformedEncodingOfAParameterIsRefused(Operation operation, String name, String needed) {
    for (String malformed : List.of("%FF", "%C0%AF", "%ED%A0%80")) {
      assertRefusedFor(name, ask(operation, needed + name + "=" + malformed));
    }
  }

  static List<Operation> operationsForStaffAlone() {
    return operations(EveryOperationHttpTest::isForStaffAlone);
  }

  private static boolean isForStaffAlone(Operation operation) {
    return Set.of("operator", "support").containsAll(operation.callers());
  }

  @ParameterizedTest
  @MethodSource("operationsForStaffAlone")
  void anUnknownParameterIsRefusedByOperationsForStaffAlone(Operation operation) {
    RecordedCall call = call(operation);
    for (String unknown : List.of("x=1", "x", "=1", "x=1&x=2", "Limit=", "%FF=%FF", "kid=A")) {
      Answer answer = send(operation, call.withAdditionalQuery(unknown));
      assertRefusedFor(unknown.replaceFirst("=.*", ""), answer);
    }
  }

  static List<Operation> operationsNotForStaffAlone() {
    return operations(operation -> !isForStaffAlone(operation));
  }

  @ParameterizedTest
  @MethodSource("operationsNotForStaffAlone")
  void anUnknownParameterIsIgnoredByAllOtherOperations(Operation operation) {
    Answer answer = send(operation, call(operation).withAdditionalQuery("x=1&x=2&verison&%FF=%FF"));
    assertThat(answer.status()).as(answer.text()).isNotEqualTo(400);
  }

  // Lists

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "00",
        "101",
        "-1",
        "1.5",
        "1e1",
        "abc",
        "%20",
        "+1",
        "%2B1",
        "%201",
        "1%20",
        "1%00",
        "0x1",
        "1_0",
        "%D9%A1",
        "999",
        "1000",
        "99999999999999999999",
        "true",
        "null",
        "1,1",
        "%FF",
      })
  void aMalformedLimitIsRefusedByEveryList(String limit) {
    for (Operation list : operations(Operation.with("query", "limit"))) {
      assertRefusedFor("limit", ask(list, "limit=" + limit));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "100"})
  void everyListAcceptsALimitFromOneToAHundred(String limit) {
    for (Operation list : operations(Operation.with("query", "limit"))) {
      assertThat(ask(list, "limit=" + limit).status()).as(list.route()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%20",
        "x",
        "%00",
        "null",
        "AAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "%7B%22deviceid%22%3A%22a%22%7D",
        "eyJkZXZpY2VpZCI6ImEifQ",
        "..%2F..",
        "%E9%BB%91",
      })
  void aMalformedCursorIsRefusedByEveryList(String cursor) {
    for (Operation list : operations(Operation.with("query", "cursor"))) {
      assertRefusedFor("cursor", ask(list, "limit=1&cursor=" + cursor));
    }
  }

  @Test
  void aCursorOfAnotherListIsRefusedByEveryList() {
    for (int i = 1; i <= 2; i++) {
      alice.put("/v1/user/devices/%s-%d".formatted(id, i), "{}");
    }
    String own = "/v1/user/devices?limit=1";
    String cursor = alice.get(own).json().path("next").asText();
    assertThat(alice.get(own + "&cursor=" + cursor).status()).isEqualTo(200);
    for (Operation list :
        operations(Operation.with("query", "cursor").and(it -> !it.id().equals("ListDevices")))) {
      assertRefusedFor("cursor", ask(list, "cursor=" + cursor));
    }
  }

  // Bodies

  static Stream<Arguments> unsupportedContentTypes() {
    Stream<String> always =
        Stream.of("text/plain", "text/json", "application/xml", "application/octet-stream", "json");
    List<String> types = Stream.concat(
            always, operations(it -> true).stream().flatMap(it -> it.bodyTypes().stream()))
        .distinct()
        .toList();
    return operations(operation -> !operation.bodyTypes().isEmpty()).stream()
        .flatMap(operation -> types.stream()
            .filter(type -> !accepts(operation, type))
            .map(type -> arguments(operation, type)));
  }

  /** An operation that accepts JSON accepts every type that ends in {@code +json}. */
  private static boolean accepts(Operation operation, String type) {
    return operation.bodyTypes().contains(type)
        || (operation.takesJson() && type.endsWith("+json"));
  }

  @ParameterizedTest
  @MethodSource("unsupportedContentTypes")
  void anUnsupportedContentTypeIsRefusedByEveryOperation(Operation operation, String type) {
    api.operator().put("/v1/devices/" + RecordedCall.deviceId(id), "{}");
    RecordedCall call = call(operation);
    byte[] body = call.body().length == 0 ? "{}".getBytes(UTF_8) : call.body();
    assertProblem(send(operation, call.withBody(type, body)), 415, "unsupported-type");
  }

  @ParameterizedTest
  @MethodSource("operationsWithABody")
  void aCompressedBodyIsRefusedByEveryOperation(Operation operation) throws IOException {
    api.operator().put("/v1/devices/" + RecordedCall.deviceId(id), "{}");
    RecordedCall call = call(operation);
    RecordedCall compressed = call.withBody(call.contentType(), gzip(call.body()));
    Answer answer = compressed.send(caller(operation).with("content-encoding", "gzip"));
    assertProblem(answer, 415, "unsupported-type");
    assertThat(answer.json().path("detail").asText()).contains("Content-Encoding gzip");
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    }
    return compressed.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("operationsWithABody")
  void aBodyInTheEncodingIdentityIsReadByEveryOperation(Operation operation) {
    api.operator().put("/v1/devices/" + RecordedCall.deviceId(id), "{}");
    Answer answer = call(operation).send(caller(operation).with("content-encoding", "identity"));
    assertThat(answer.status()).as(answer.text()).isIn(200, 201, 204);
  }

  static Stream<Arguments> malformedJson() {
    List<String> bodies =
        List.of("{", "5", "[]", "{\"a\":1,\"a\":2}", "{\"a\":NaN}", "{\"a\":\"\\ud800\"}", "{} {}");
    return operations(Operation::takesJson).stream()
        .flatMap(operation -> bodies.stream().map(body -> arguments(operation, body)));
  }

  @ParameterizedTest
  @MethodSource("malformedJson")
  void malformedJsonIsRefusedByEveryOperation(Operation operation, String body) {
    assertProblem(
        send(operation, call(operation).withBody("application/json", body.getBytes(UTF_8))),
        400,
        "invalid");
  }

  static Stream<Operation> operationsWithABody() {
    return operations(operation -> !operation.bodyTypes().isEmpty()).stream();
  }

  @ParameterizedTest
  @MethodSource("operationsWithABody")
  void aVeryLargeBodyIsTooLargeForEveryOperation(Operation operation) {
    RecordedCall call = call(operation);
    String type = call.contentType().isEmpty() ? "application/json" : call.contentType();
    for (int size : List.of(5_000_000, 10_485_761)) {
      assertThat(send(operation, call.withBody(type, new byte[size])).status()).isEqualTo(413);
    }
  }

  // Conditions

  @ParameterizedTest
  @ValueSource(strings = {"If-Match", "If-None-Match"})
  void aMalformedPreconditionIsRefusedByEveryOperation(String header) {
    RecordedCall.of("PutDevice", id).send(api.operator());
    RecordedCall.of("PublishFirmware", id).send(api.operator());
    for (Operation operation : operations(Operation.with("header", header))) {
      Caller caller = caller(operation).with(header, "\"d1\" \"d2\"");
      assertProblem(call(operation).send(caller), 400, "invalid");
    }
  }

  @Test
  void everyReadWithAnETagTakesIfNoneMatch() {
    RecordedCall.of("PutDevice", id).send(api.operator());
    RecordedCall.of("PublishFirmware", id).send(api.operator());
    for (Operation read : operations(operation -> operation.method().equals("GET"))) {
      boolean hasTag = !send(read, call(read)).header("etag").isEmpty();
      assertThat(Operation.with("header", "If-None-Match").test(read))
          .as(read.route())
          .isEqualTo(hasTag);
      int withAnyTag = call(read).send(caller(read).with("if-none-match", "*")).status();
      assertThat(withAnyTag == 304).as(read.route()).isEqualTo(hasTag);
    }
  }
}
