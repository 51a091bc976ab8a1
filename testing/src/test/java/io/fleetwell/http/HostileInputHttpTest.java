package io.fleetwell.http;

import static io.fleetwell.testing.Api.unique;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile input to single operations. {@link EveryOperationHttpTest} has the rules for all of them. */
@ExtendWith(RunningSystem.class)
class HostileInputHttpTest {
  private static final int MAX_BODY = 65_536;

  private final Api api;
  private final String id = unique("device");
  private final String path = "/v1/devices/" + id;
  private final Caller device;
  private final Caller alice;

  HostileInputHttpTest(Api api) {
    this.api = api;
    this.device = api.device(id);
    this.alice = api.user(unique("alice"));
  }

  private static void assertProblem(Answer answer, int status, String problem) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.problem()).isEqualTo(problem);
  }

  private static List<String> pointersOf(Answer answer) {
    return answer.json().path("errors").findValuesAsText("pointer");
  }

  private static String percentEncoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  // Paths

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1",
        "/v1/",
        "//v1/devices/ID",
        "/v1//devices/ID",
        "/v1/devices//ID",
        "/v1/devices/",
        "/v1/devices//",
        "/v1/devices/ID/",
        "/v1/devices/firmware/",
        "/v1/devices/firmware//",
        "/v1/devices/firmware/?devicetype=Speaker",
        "/v1/devices/ID//",
        "/v1/devices/ID/.",
        "/v1/devices/ID/..",
        "/v1/devices/ID/x",
        "/v1/devices/ID/logs",
        "/v1/devices/ID/logs/log",
        "/v1/devices/../devices/ID",
        "/V1/devices/ID",
        "/v1/Devices/ID",
        "/v1/%64evices/ID/x",
        "/v1%2Fdevices%2FID",
        "/v1/user/devices/owner/ID",
        "/v1/user",
        "/etc/passwd",
        "/v2/devices/ID",
      })
  void anUnknownRouteIs404(String notARoute) {
    Answer answer = api.operator().get(notARoute.replace("ID", id));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).isEqualTo("{\"message\":\"Not Found\"}");
  }

  /** The targets are sent unescaped, over a plain socket. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "//",
        "/../template.yaml",
        "/v1/devices/%00",
        "/v1/devices/A%00B",
        "/v1/devices/%",
        "/v1/devices/%4",
        "/v1/devices/%zz",
        "/v1/devices/A%zzB",
        "/v1/devices/%u0041",
        "/v1/devices/{deviceid}",
        "/v1/devices/A\\B",
        "/v1/devices/A|B",
        "/v1/devices/A\"B",
        "/v1/devices/A<B>",
        "/v1/devices/ü",
        "/v1/devices/A;jsessionid=1",
        "/v1/devices?serial=%zz",
        "/v1/devices?serial=%",
        "/v1/devices?serial=a&serial=%zz",
        "/v1/devices?%zz=%zz",
        "/v1/devices?",
        "/v1/devices??",
        "/v1/devices?serial=ü#fragment",
        "v1/devices/A",
        "http://127.0.0.1/v1/devices/A%zz",
        "http://attacker.example.com/v1/devices/..",
        "*",
      })
  void aMalformedTargetIsAClientError(String target) throws IOException {
    assertThat(statusOfRaw("GET " + target + " HTTP/1.1")).isIn(400, 404);
  }

  @Test
  void anOverlongTargetIsAClientError() throws IOException {
    assertThat(statusOfRaw("GET /v1/devices/" + "x".repeat(11_000) + " HTTP/1.1"))
        .isIn(414, 431);
  }

  @ParameterizedTest
  @CsvSource({"0, 404", "1, 431"})
  void requestLineAndHeadersMayHave10240Bytes(int more, int status) throws IOException {
    String target = "GET /v1/devices/%s?padding=".formatted(id);
    int rest = 10_240 + more - headOf(target + " HTTP/1.1").length();
    assertThat(statusOfRaw(target + "x".repeat(rest) + " HTTP/1.1")).isEqualTo(status);
  }

  private String headOf(String requestLine) {
    return "%s\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
        .formatted(requestLine, api.system().operatorToken("olga"));
  }

  private int statusOfRaw(String requestLine) throws IOException {
    String head = headOf(requestLine);
    try (Socket socket =
        new Socket(api.system().uri().getHost(), api.system().uri().getPort())) {
      socket.getOutputStream().write(head.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
    }
  }

  @Test
  void aDeviceidMayHave128Characters() {
    String longest = "A:b.c_d-9".repeat(15).substring(0, 128 - id.length()) + id;
    assertThat(api.device(longest).put("/v1/devices/" + longest, "{}").status()).isEqualTo(201);
    assertThat(api.operator().get("/v1/devices/" + longest).status()).isEqualTo(200);
  }

  @Test
  void aDeviceidIsDecodedOnce() {
    device.put(path, "{}");
    String spelledOut = HexFormat.of().withPrefix("%").formatHex(id.getBytes(UTF_8));
    assertThat(api.operator()
            .get("/v1/devices/" + spelledOut)
            .json()
            .path("deviceid")
            .asText())
        .isEqualTo(id);
  }

  // Parameters

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=1",
        "x=1&x=2",
        "Limit=0",
        "limit[]=0",
        "limits=0",
        "%20limit=0",
        "&&",
        "=",
        "%FF=%FF"
      })
  void anUnknownParameterIsIgnored(String query) {
    assertThat(alice.get("/v1/user/devices?" + query).status()).isEqualTo(200);
  }

  // Cursors

  private String cursorAfterTheFirstOfThreeDevices() {
    for (int i = 1; i <= 3; i++) {
      alice.put("/v1/user/devices/%s-%d".formatted(id, i), "{}");
      alice.put("/v1/user/devices/owner/%s-%d".formatted(id, i));
    }
    return alice.get("/v1/user/devices?limit=1").json().path("next").asText();
  }

  private Answer secondPage(String cursor) {
    return alice.get("/v1/user/devices?limit=1&cursor=" + cursor);
  }

  @Test
  void aCursorContinuesAfterItsPage() {
    assertThat(secondPage(cursorAfterTheFirstOfThreeDevices())
            .json()
            .at("/devices/0/deviceid")
            .asText())
        .isEqualTo(id + "-2");
  }

  @Test
  void aCursorAllowsAnotherLimitAndUnknownParameters() {
    String cursor = cursorAfterTheFirstOfThreeDevices();
    Answer answer = alice.get("/v1/user/devices?x=1&limit=2&cursor=" + cursor + "&y=2");
    assertThat(answer.json().path("devices")).hasSize(2);
  }

  @Test
  void aCursorWithAnyFlippedBitIsRefused() {
    String cursor = cursorAfterTheFirstOfThreeDevices();
    for (int i = 0; i < cursor.length(); i++) {
      for (int bit = 0; bit < 7; bit++) {
        String flipped =
            cursor.substring(0, i) + (char) (cursor.charAt(i) ^ 1 << bit) + cursor.substring(i + 1);
        assertProblem(secondPage(percentEncoded(flipped)), 400, "invalid");
      }
    }
  }

  @Test
  void anotherUsersCursorIsRefused() {
    String cursor = cursorAfterTheFirstOfThreeDevices();
    assertProblem(api.user(unique("bob")).get("/v1/user/devices?cursor=" + cursor), 400, "invalid");
  }

  @ParameterizedTest
  @CsvSource({"'',400", "'&test=false',400", "'&region=eu',400", "'&x=1',400"})
  void aCursorWithAnotherFilterIsRefused(String filter, int status) {
    String type = unique("type");
    for (int version = 1; version <= 2; version++) {
      api.operator()
          .post(
              "/v1/firmware",
              "{'devicetype': '%s', 'region': '*', 'version': '%d', 'downloadurl': 'https://example.com/f'}"
                  .formatted(type, version));
    }
    String cursor = api.operator()
        .get("/v1/firmware?limit=1&devicetype=" + type)
        .json()
        .path("next")
        .asText();
    String ownFilter = filter.equals("") ? "" : "&devicetype=" + type + filter;
    assertThat(api.operator().get("/v1/firmware?cursor=" + cursor + ownFilter).status())
        .isEqualTo(status);
  }

  // Bodies

  private static byte[] bytes(String start, byte[] middle, String end) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(start.getBytes(UTF_8));
    all.writeBytes(middle);
    all.writeBytes(end.getBytes(UTF_8));
    return all.toByteArray();
  }

  private static Caller typed(Caller caller, String contentType) {
    return contentType.equals("none") ? caller : caller.with("content-type", contentType);
  }

  static Stream<Arguments> refusedBodies() {
    Stream<String> texts = Stream.of(
        "",
        " ",
        "[]",
        "null",
        "5",
        "\"devicename\"",
        "{",
        "{'devicename':}",
        "{\"devicename\":'x'}",
        "{\"devicename\":\"x\",}",
        "{\"devicename\":\"x\"} {}",
        "{\"devicename\":\"x\"}x",
        "{/* */\"devicename\":\"x\"}",
        "{\"devicename\":NaN}",
        "{\"devicename\":\"x\",\"devicename\":\"y\"}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "{\"a\":" + "[".repeat(20) + "]".repeat(20) + "}",
        "{\"a\":" + "{\"a\":".repeat(20) + "1" + "}".repeat(20) + "}",
        "{\"a\":" + "[".repeat(30_000),
        "{\"a\":1e400}",
        "{\"a\":1e126}",
        "{\"a\":1e-131}",
        "{\"a\":100e2147483647}",
        "{\"a\":1e999999999}",
        "{\"a\":1e99999999999}",
        "{\"a\":123456789012345678901234567890123456789}",
        "{\"a\":" + "9".repeat(60_000) + "}",
        "{\"a\":\"\\ud800\"}",
        "{\"\\ud800\":1}",
        "{\"\":1}",
        "{\"a\":{\"\":1}}",
        "{\"" + "n".repeat(1_025) + "\":1}",
        "{\"owner\":\"mallory\"}",
        "{\"owner\":null}",
        "{\"claimid\":\"x\"}",
        "{\"version\":99}",
        "{\"deviceid\":\"another\"}",
        "{\"deviceid\":null}",
        "{\"deviceid\":5}",
        "{\"deviceid\":\"\"}",
        "{\"serial\":\"" + "s".repeat(257) + "\"}",
        "{\"serial\":\"" + "😀".repeat(257) + "\"}",
        "{\"serial\":5}",
        "{\"power\":{\"bootcount\":1.5}}",
        "{\"power\":{\"bootcount\":\"1\"}}",
        "{\"power\":[]}",
        "{\"warranty\":{\"extended\":\"true\"}}",
        "{\"presets\":{}}",
        "{\"presets\":[5]}",
        "{\"presets\":[{\"name\":5}]}",
        "{\"devicetype\":\" \"}",
        "{\"region\":\"\\u0000\"}",
        "{\"serial\":\"\\n\"}",
        "{\"versioninfo\":{\"firmware\":\"\\u00a0\"}}",
        "\ufeff\ufeff{}",
        " \ufeff{}");
    List<Arguments> bodies = Stream.concat(
            texts.map(text -> text.getBytes(UTF_8)),
            Stream.of(
                bytes("{\"a\":\"", new byte[] {(byte) 0xff}, "\"}"),
                bytes("{\"a\":\"", new byte[] {(byte) 0xc0, (byte) 0xaf}, "\"}"),
                bytes("{\"a\":\"", new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, "\"}"),
                "{\"a\":1}".getBytes(UTF_16LE)))
        .flatMap(body -> Stream.of("application/json", "none").map(type -> arguments(type, body)))
        .toList();
    return bodies.stream();
  }

  @ParameterizedTest
  @MethodSource("refusedBodies")
  void anInvalidBodyChangesNothing(String contentType, byte[] body) {
    device.put(path, "{'devicename': 'Kitchen', 'power': {'bootcount': 6}}");
    Answer before = device.get(path);
    assertProblem(typed(device, contentType).send("PUT", path, body), 400, "invalid");
    Answer after = device.get(path);
    assertThat(after.text()).isEqualTo(before.text());
    assertThat(after.header("etag")).isEqualTo(before.header("etag"));
  }

  @ParameterizedTest
  @MethodSource("refusedBodies")
  void anInvalidBodyRegistersNothing(String contentType, byte[] body) {
    assertProblem(
        typed(alice, contentType).send("PUT", "/v1/user/devices/" + id, body), 400, "invalid");
    assertThat(alice.get("/v1/user/devices").json().path("devices")).isEmpty();
    assertThat(api.operator().get(path).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/octet-stream",
        "application/xml",
        "application/json,text/plain",
        "json",
        ";",
        "*/*",
      })
  void aBodyOfAnotherTypeChangesNothing(String contentType) {
    assertProblem(
        device.with("content-type", contentType).send("PUT", path, "{}".getBytes(UTF_8)),
        415,
        "unsupported-type");
    assertThat(device.get(path).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "none",
        "application/json",
        "Application/JSON; Charset=UTF-8",
        "application/merge-patch+json",
        "application/vnd.maker+json",
      })
  void aBodyOfAnyJsonTypeIsRead(String contentType) {
    byte[] body = "{\"devicename\":\"黑猫警长\"}".getBytes(UTF_8);
    Answer answer = typed(device, contentType).send("PUT", path, body);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().path("devicename").asText()).isEqualTo("黑猫警长");
  }

  @ParameterizedTest
  @CsvSource({"none, 0, 201", "application/json, 0, 201", "none, 1, 413", "application/json, 1, 413"
  })
  void aBodyMayHave64Kibibytes(String contentType, int more, int status) {
    String json = "{\"a\":\"" + "x".repeat(MAX_BODY - 8 + more) + "\"}";
    assertThat(
            typed(device, contentType).send("PUT", path, json.getBytes(UTF_8)).status())
        .isEqualTo(status);
    assertThat(device.get(path).status()).isEqualTo(status == 201 ? 200 : 404);
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, 1_000_000, 5_000_000, 10_485_760, 10_485_761})
  void aVeryLargeBodyIsTooLarge(int size) {
    Answer answer =
        device.with("content-type", "application/json").send("PUT", path, new byte[size]);
    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void aDeviceMayHave200Details() {
    assertThat(device.put(path, fields(0, 200)).json().size()).isEqualTo(201);
  }

  @Test
  void aDeviceWithMoreThan200DetailsIsTooLarge() {
    assertProblem(device.put(path, fields(0, 201)), 413, "too-large");
    assertThat(device.get(path).status()).isEqualTo(404);
  }

  @Test
  void aMergeToMoreThan200DetailsIsTooLarge() {
    device.put(path, fields(0, 200));
    String before = device.get(path).text();
    assertProblem(device.put(path, fields(200, 201)), 413, "too-large");
    assertThat(device.get(path).text()).isEqualTo(before);
  }

  private static String fields(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj("'field%d': 1"::formatted)
        .collect(Collectors.joining(", ", "{", "}"));
  }

  @ParameterizedTest
  @CsvSource({"0, 200", "1, 413", "20000, 413"})
  void aMergeMayReach64Kibibytes(int more, int status) {
    device.put(path, "{'a': '%s'}".formatted("x".repeat(40_000)));
    String before = device.get(path).text();
    int rest = MAX_BODY - "{'a':'','b':''}".length() - 40_000;
    assertThat(device
            .put(path, "{'b': '%s'}".formatted("x".repeat(rest + more)))
            .status())
        .isEqualTo(status);
    assertThat(device.get(path).text().equals(before)).isEqualTo(status == 413);
  }

  @Test
  void aMergeOfARegistrationToMoreThan64KibibytesIsTooLarge() {
    api.user(unique("owner")).put("/v1/user/devices/owner/" + id);
    String own = "/v1/user/devices/" + id;
    alice.put(own, "{'a': '%s'}".formatted("x".repeat(40_000)));
    String before = alice.get("/v1/user/devices").text();
    assertProblem(alice.put(own, "{'b': '%s'}".formatted("x".repeat(40_000))), 413, "too-large");
    assertThat(alice.get("/v1/user/devices").text()).isEqualTo(before);
  }

  /** Details with the largest items. DynamoDB measures sizes in its own way, and its limit is 400 KB. */
  static Stream<String> bulkyDetails() {
    return Stream.of(
        "{\"a\":[" + "[\"%s\"],".formatted("x".repeat(27)).repeat(1_999) + "0]}",
        "{\"a\":[" + "{\"%s\":0},".formatted("n".repeat(23)).repeat(1_999) + "0]}",
        "{\"a\":[" + "1.%s,".formatted("1".repeat(29)).repeat(1_999) + "0]}",
        IntStream.range(0, 60)
            .mapToObj(i -> "\"%s%d\":\"\"".formatted("n".repeat(1_000), i))
            .collect(Collectors.joining(",", "{", "}")),
        IntStream.range(0, 20)
            .mapToObj(i -> "\"%s%d\":\"\"".formatted("黑".repeat(1_000), i))
            .collect(Collectors.joining(",", "{", "}")));
  }

  @ParameterizedTest
  @MethodSource("bulkyDetails")
  void detailsOf64KibibytesAreStored(String details) {
    Caller user = api.user("u".repeat(255 - id.length()) + id);
    Answer answer = user.with("content-type", "application/json")
        .send("PUT", "/v1/user/devices/" + id, details.getBytes(UTF_8));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(user.get(path).json()).isEqualTo(answer.json());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "[]", "{\"a\":0}", "1.50", "null"})
  void moreThan2000ValuesAreTooLarge(String value) {
    for (Caller caller : List.of(device, alice)) {
      String of = caller == device ? path : "/v1/user/devices/" + id;
      String details = "{\"a\":[" + (value + ",").repeat(2_000) + value + "]}";
      assertProblem(
          caller.with("content-type", "application/json").send("PUT", of, details.getBytes(UTF_8)),
          413,
          "too-large");
    }
  }

  // Fields

  @ParameterizedTest
  @ValueSource(strings = {"owner", "claimid", "version", "claimcode"})
  void aReservedFieldIsRefused(String field) {
    Answer answer = device.put(path, "{'%s': 'x', 'devicename': 'Kitchen'}".formatted(field));
    assertProblem(answer, 400, "invalid");
    assertThat(pointersOf(answer)).containsExactly("/" + field);
  }

  @Test
  void aReservedFieldMayBeUsedInANestedObject() {
    assertThat(device
            .put(path, "{'room': {'owner': 'alice', 'version': 1, 'deviceid': null}}")
            .status())
        .isEqualTo(201);
  }

  @Test
  void writingTheFieldOwnerDoesNotClaimTheDevice() {
    alice.put("/v1/user/devices/" + id, "{'owner': 'alice'}");
    assertThat(api.user(unique("bob")).put("/v1/user/devices/owner/" + id).status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'another'", "''", "null", "5", "['ID']", "{}", "'ID '"})
  void aDeviceidOtherThanThePathsIsRefused(String deviceId) {
    Answer answer = device.put(path, "{'deviceid': %s}".formatted(deviceId.replace("ID", id)));
    assertProblem(answer, 400, "invalid");
    assertThat(pointersOf(answer)).containsExactly("/deviceid");
  }

  @Test
  void theDeviceidOfThePathMayBeRepeatedInTheBody() {
    Answer answer = device.put(path, "{'deviceid': '%s'}".formatted(id));
    assertThat(answer.json()).isEqualTo(Api.json("{'deviceid': '%s'}".formatted(id)));
  }

  static Stream<String> longestSerials() {
    return Stream.of("s".repeat(256), "黑".repeat(256), "😀".repeat(256));
  }

  @ParameterizedTest
  @MethodSource("longestSerials")
  void aDeviceIsFoundByTheLongestSerial(String serial) {
    String own = serial.substring(0, serial.offsetByCodePoints(0, 200))
        + percentEncoded(id).repeat(3).substring(0, 56);
    device.put(path, "{'serial': '%s'}".formatted(own));
    assertThat(device
            .get("/v1/devices?serial=" + percentEncoded(own))
            .json()
            .path("deviceid")
            .asText())
        .isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", "\\u0000", "\\n", "%41", "a&b=c", "a+b", "'", "--", "黑猫", "e\\u0301"})
  void aDeviceIsFoundByAnOddSerial(String suffix) {
    device
        .with("content-type", "application/json")
        .send("PUT", path, "{\"serial\":\"%s\"}".formatted(id + suffix).getBytes(UTF_8));
    String serial = device.get(path).json().path("serial").asText();
    assertThat(device
            .get("/v1/devices?serial=" + percentEncoded(serial))
            .json()
            .path("deviceid")
            .asText())
        .isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"#name\":1,\":value\":2,\"a.b\":3,\"a[0]\":4,\"$ref\":5,\"__proto__\":6,\"size\":7,\"name\":8}",
        "{\"a\":\"\\u0000\",\"\\u0000\":\"b\"}",
        "{\"a\":\"\\u007f\\u0080\\ufeff\\uffff\\ufffe\"}",
        "{\" \":\"\",\"\\t\":[],\"\\\"\":{}}",
        "{\"deviceId\":\"x\",\"DEVICEID\":\"y\",\"Owner\":\"z\"}",
        "{\"黑猫\":{\"😀\":[\"e\\u0301\",\"\\u00e9\"]}}",
        "{\"a\":1e-130,\"b\":-1.0e-130,\"c\":0.10}",
        "{\"a\":99999999999999999999999999999999999999,\"b\":0.99999999999999999999999999999999999999}",
        "{\"a\":9223372036854775807,\"b\":9223372036854775808,\"c\":-2147483649}",
        "{\"a\":[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]}",
        "{\"a\":[true,false,null,\"true\",\"null\",[],{}]}",
      })
  void anOddFieldIsReturnedUnchanged(String details) throws IOException {
    JsonNode sent = Api.JSON.readTree(details);
    device.with("content-type", "application/json").send("PUT", path, details.getBytes(UTF_8));
    JsonNode kept = device.get(path).json();
    sent.properties()
        .forEach(field -> assertThat(kept.path(field.getKey())).isEqualTo(field.getValue()));
    assertThat(kept.size()).isEqualTo(sent.size() + 1);
  }

  static Stream<String> oddUserIds() {
    return Stream.of(
        "a b",
        "../alice",
        "a\0b",
        "a\tb",
        "\"'\\{}",
        "%41",
        "黑猫😀",
        "黑".repeat(200),
        "😀".repeat(100));
  }

  @ParameterizedTest
  @MethodSource("oddUserIds")
  void usersWithOddIdsHaveSeparateDevices(String name) {
    Caller user = api.user(name + id);
    assertThat(user.put("/v1/user/devices/owner/" + id).status()).isEqualTo(201);
    assertThat(user.get("/v1/user/devices/owner").json().path("devices")).hasSize(1);
    assertThat(api.user(name + id + " ").get("/v1/user/devices/owner").json().path("devices"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /v1/devices/D {'warranty': {%s}}",
        "POST /v1/firmware {%s}",
        "POST /v1/firmware {'releasenotes': [{%s}]}",
        "PUT /v1/devices/D/claimcode {%s}",
      })
  void theNumberOfReportedErrorsIsLimited(String call) {
    String[] parts = call.split(" ", 3);
    String wrong = IntStream.range(0, 900)
        .mapToObj(i -> "'extended': 1,".replace("extended", "extended" + i))
        .collect(Collectors.joining());
    String body = parts[2].replace("%s", wrong + "'extended': 1, 'lang': 5");
    Answer answer = api.operator()
        .with("content-type", "application/json")
        .send(parts[0], parts[1], body.replace('\'', '"').getBytes(UTF_8));
    assertProblem(answer, 400, "invalid");
    assertThat(answer.json().path("errors").size()).isBetween(1, 20);
  }

  // Conditions

  @ParameterizedTest
  @ValueSource(strings = {"", "d1", "\"d1", "'d1'", "\"d1\" \"d2\"", "\"d1\",", "*,\"d1\"", "W/d1"})
  void aMalformedIfMatchChangesNothing(String ifMatch) {
    device.put(path, "{'devicename': 'Kitchen'}");
    String before = device.get(path).text();
    assertProblem(
        device.with("if-match", ifMatch).put(path, "{'devicename': 'Bath'}"), 400, "invalid");
    assertThat(device.get(path).text()).isEqualTo(before);
  }

  @Test
  void allTagsOfALongIfMatchAreCompared() {
    String etag = device.put(path, "{'devicename': 'Kitchen'}").header("etag");
    assertThat(device
            .with("if-match", "\"\",".repeat(2_800) + etag)
            .put(path, "{'devicename': 'Bath'}")
            .status())
        .isEqualTo(200);
  }

  @Test
  void aLongIfMatchWithoutTheRevisionIsStale() {
    device.put(path, "{'devicename': 'Kitchen'}");
    assertProblem(
        device.with("if-match", "\"x\",".repeat(2_200) + "\"x\"").put(path, "{}"), 412, "stale");
  }

  // Firmware

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "[",
        "a{2,1}",
        "(?=a)",
        "(?!a)",
        "(?<=a)",
        "(a)\\1",
        "(?>a)",
        "a++",
        "\\",
        "\\p{Nonsense}",
        "a{1001}",
        "((((a{100}){100}){100}){100}){100}",
        "(((a{1,1000}){1,1000}){1,1000}){1,1000}",
        "(((a{0100}){0100}){0100}){0100}",
        "(((a{100})\\Q\\E{100})\\Q\\E{100})\\Q\\E{100}",
        "(((a{100})(?i){100})(?i){100})(?i){100}",
      })
  void anUnsafePatternIsRefusedWithItsPointer(String regex) {
    assertProblem(publish(regex), 400, "invalid");
    assertThat(pointersOf(publish(regex))).containsExactly("/serial-regex");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "SERIAL[A-Z]*[0-9]+",
        "(?:[0-9A-F]{2}:){5}[0-9A-F]{2}",
        "[A-Z]{2}[0-9]{4}-[0-9A-F]{12}(?:-[0-9]{1,3}){0,4}",
        "[0-9]{500}",
        "\\QA.B\\E[0-9]{1,8}",
      })
  void aPatternOfOrdinaryLengthIsAccepted(String regex) {
    assertThat(publish(regex).status()).isEqualTo(201);
  }

  @Test
  void deeplyNestedBracketsCauseNoServerError() {
    assertThat(publish("(".repeat(256) + ")".repeat(256)).status()).isIn(201, 400);
    assertProblem(publish("(".repeat(512)), 400, "invalid");
  }

  private Answer publish(String regex) {
    return api.operator()
        .post(
            "/v1/firmware",
            "{'devicetype': '%s', 'region': '*', 'version': '1', 'downloadurl': 'https://example.com/f', 'serial-regex': '%s'}"
                .formatted(id, regex.replace("\\", "\\\\")));
  }
}
