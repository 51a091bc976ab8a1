package io.fleetwell.keys;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.RunningSystem;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningSystem.class)
class ImportDeviceKeysHttpTest {
  private static final String CLAIM_CODE = "7H3K-9QZM-2XW4-TD6P";

  private final Api api;
  private final String first = unique("device");
  private final String second = unique("device");
  private final DeviceSigner key = new DeviceSigner(first, "factory");

  ImportDeviceKeysHttpTest(Api api) {
    this.api = api;
  }

  private static String line(String deviceId, String jwk) {
    return "{\"deviceid\":\"%s\",\"key\":%s}".formatted(deviceId, jwk);
  }

  private static String line(String deviceId, String jwk, String claimCode) {
    return "{\"deviceid\":\"%s\",\"key\":%s,\"claimcode\":\"%s\"}"
        .formatted(deviceId, jwk, claimCode);
  }

  private Answer send(String... lines) {
    return api.operator().importKeys(String.join("\n", lines));
  }

  /** The result of each line. */
  private static List<JsonNode> resultsOf(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    return answer.text().lines().map(line -> json(line)).toList();
  }

  private static List<Integer> statuses(Answer answer) {
    return resultsOf(answer).stream()
        .map(line -> line.path("status").intValue())
        .toList();
  }

  private static List<String> pointers(JsonNode answer) {
    return answer.at("/problem/errors").findValuesAsText("pointer");
  }

  private List<String> keysOf(String deviceId) {
    return api.operator()
        .get("/v1/devices/" + deviceId + "/keys")
        .json()
        .path("keys")
        .findValuesAsText("kid");
  }

  private List<String> eventsOf(String deviceId) {
    return api.operator()
        .get("/v1/devices/" + deviceId + "/history")
        .json()
        .path("history")
        .findValuesAsText("event");
  }

  // Accepted lines

  @Test
  void eachLineRegistersADevice() {
    Answer answer = send(line(first, key.jwk(), CLAIM_CODE), line(second, key.jwk()));
    assertThat(resultsOf(answer))
        .containsExactly(
            json("{'line': 1, 'status': 201, 'deviceid': '%s', 'kid': 'factory'}".formatted(first)),
            json("{'line': 2, 'status': 201, 'deviceid': '%s', 'kid': 'factory'}"
                .formatted(second)));
    assertThat(keysOf(first)).containsExactly("factory");
    assertThat(keysOf(second)).containsExactly("factory");
    assertThat(eventsOf(first)).containsExactlyInAnyOrder("key-added", "claim-code-set");
    assertThat(eventsOf(second)).containsExactly("key-added");
  }

  @Test
  void aByteOrderMarkBeforeTheFirstLineIsIgnored() {
    assertThat(
            statuses(send("\ufeff" + line(first, key.jwk()), "\ufeff" + line(second, key.jwk()))))
        .containsExactly(201, 400);
    assertThat(keysOf(first)).containsExactly("factory");
  }

  @Test
  void aTokenSignedWithAnImportedKeyIsAccepted() {
    send(line(first, key.jwk()));
    assertThat(api.token(key.token(Instant.now()))
            .get("/v1/devices/" + first + "/keys")
            .status())
        .isEqualTo(200);
  }

  @Test
  void aRepeatedCallChangesNothing() {
    String[] lines = {line(first, key.jwk(), CLAIM_CODE), line(second, key.jwk())};
    send(lines);
    assertThat(statuses(send(lines))).containsExactly(200, 200);
    assertThat(eventsOf(first)).containsExactlyInAnyOrder("key-added", "claim-code-set");
    assertThat(eventsOf(second)).containsExactly("key-added");
  }

  @Test
  void aCallMayHave500Lines() {
    String prefix = unique("device");
    String body = IntStream.rangeClosed(1, 500)
        .mapToObj(i -> line(prefix + "-" + i, key.jwk()))
        .collect(Collectors.joining("\n"));
    assertThat(statuses(send(body))).isEqualTo(Collections.nCopies(500, 201));
    assertThat(keysOf(prefix + "-1")).containsExactly("factory");
    assertThat(keysOf(prefix + "-500")).containsExactly("factory");
  }

  @Test
  void linesForTheSameDeviceAreProcessedInOrder() {
    DeviceSigner other = new DeviceSigner(first, "factory");
    DeviceSigner next = new DeviceSigner(first, "next");
    assertThat(statuses(send(
            line(first, key.jwk()),
            line(first, other.jwk()),
            line(first, next.jwk()),
            line(first, key.jwk()))))
        .containsExactly(201, 409, 201, 200);
    assertThat(keysOf(first)).containsExactly("factory", "next");
  }

  @Test
  void theExpiryOfAStoredKeyIsKept() {
    String limited = key.jwk().replaceFirst("}$", ",\"expires\":\"2099-01-31T00:00:00Z\"}");
    send(line(first, limited));
    assertThat(statuses(send(line(first, key.jwk())))).containsExactly(200);
    assertThat(eventsOf(first)).containsExactly("key-added");
  }

  @Test
  void aClaimCodeThatTheDeviceReplacedIsKept() {
    send(line(first, key.jwk(), CLAIM_CODE));
    api.device(first)
        .put("/v1/devices/%s/claimcode".formatted(first), "{'claimcode': '2K7M-4PXR-9TQZ-6WBD'}");
    Answer again = send(line(first, key.jwk(), CLAIM_CODE));
    assertThat(resultsOf(again).get(0).at("/problem/type").asText())
        .isEqualTo("urn:fleetwell:problem:claim-code-exists");
    assertThat(api.user(unique("alice"))
            .put("/v1/user/devices/owner/" + first, "{'claimcode': '%s'}".formatted(CLAIM_CODE))
            .status())
        .isEqualTo(403);
  }

  @Test
  void aLineWithAnotherClaimCodeAddsNoKey() {
    send(line(first, key.jwk(), CLAIM_CODE));
    DeviceSigner next = new DeviceSigner(first, "next");
    assertThat(statuses(send(line(first, next.jwk(), "2K7M-4PXR-9TQZ-6WBD")))).containsExactly(409);
    assertThat(keysOf(first)).containsExactly("factory");
  }

  @Test
  void theErrorsOf500LinesFitIntoOneResponse() {
    String name = "\\u0000".repeat(63);
    String odd = IntStream.range(0, 20)
        .mapToObj(i -> "\"%s%s\":1".formatted(name, (char) ('a' + i)))
        .collect(Collectors.joining(",", "{", "}"));
    Answer answer = send(line(first, key.jwk()) + "\n"
        + IntStream.range(0, 499).mapToObj(i -> odd).collect(Collectors.joining("\n")));
    assertThat(statuses(answer)).startsWith(201, 400).hasSize(500);
    assertThat(pointers(resultsOf(answer).get(1))).hasSize(5);
  }

  @Test
  void malformedJsonIsReportedWithLineAndColumn() {
    JsonNode refused = resultsOf(send(line(first, key.jwk()), "{\"a\" 1}")).get(1);
    assertThat(refused.path("line").intValue()).isEqualTo(2);
    assertThat(refused.at("/problem/detail").asText())
        .isEqualTo("The line is not JSON at column 6.");
  }

  @Test
  void linesMayEndWithCarriageReturns() {
    Answer answer = send(line(first, key.jwk()) + "\r\n" + line(second, key.jwk()) + "\r\n\r\n");
    assertThat(statuses(answer)).containsExactly(201, 201);
  }

  // Refused lines

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "null", "[]", "{} {}"})
  void aLineThatIsNotAnObjectIsRefusedAlone(String odd) {
    assertThat(statuses(send(line(first, key.jwk()), odd, line(second, key.jwk()))))
        .containsExactly(201, 400, 201);
    assertThat(keysOf(second)).containsExactly("factory");
  }

  private void assertRefused(String line, String pointer) {
    Answer answer = send(line, line(second, key.jwk()));
    assertThat(statuses(answer)).containsExactly(400, 201);
    assertThat(pointers(resultsOf(answer).get(0))).containsExactly(pointer);
    assertThat(keysOf(first)).isEmpty();
    assertThat(eventsOf(first)).isEmpty();
  }

  @Test
  void anInvalidKeyIsRefusedAlone() {
    assertRefused(line(first, key.jwk().replace("P-256", "P-384")), "/key/crv");
  }

  @Test
  void aPrivateKeyIsRefused() {
    assertRefused(line(first, key.jwk().replaceFirst("}$", ",\"d\":\"AAAA\"}")), "/key/d");
  }

  @Test
  void aKeyWithoutAnIdIsRefused() {
    assertRefused(line(first, key.jwk().replace("\"kid\"", "\"kidd\"")), "/key/kid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "5", "'text'", "[]"})
  void aKeyThatIsNotAnObjectIsRefused(String odd) {
    assertRefused(line(first, odd.replace('\'', '"')), "/key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "a/b", "firmware"})
  void aMalformedDeviceidIsRefusedAlone(String odd) {
    Answer answer = send(line(odd, key.jwk()), line(second, key.jwk()));
    assertThat(statuses(answer)).containsExactly(400, 201);
    assertThat(pointers(resultsOf(answer).get(0))).containsExactly("/deviceid");
  }

  @Test
  void anUnknownFieldIsRefused() {
    assertRefused(line(first, key.jwk()).replaceFirst("}$", ",\"claimCode\":\"x\"}"), "/claimCode");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1234", "000000000000000000000000", "7H3K-9QZM-2XW4-TD6P\u00c4"})
  void aWeakClaimCodeIsRefusedWithItsKey(String code) {
    assertRefused(line(first, key.jwk(), code), "/claimcode");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "5"})
  void aClaimCodeThatIsNotTextIsRefusedWithItsKey(String code) {
    assertRefused(
        line(first, key.jwk()).replaceFirst("}$", ",\"claimcode\":" + code + "}"), "/claimcode");
  }

  @Test
  void anotherKeyUnderTheSameIdIsAConflictThatSetsNoClaimCode() {
    send(line(first, key.jwk()));
    Answer answer = send(
        line(first, new DeviceSigner(first, "factory").jwk(), CLAIM_CODE), line(second, key.jwk()));
    assertThat(statuses(answer)).containsExactly(409, 201);
    assertThat(resultsOf(answer).get(0).at("/problem/type").asText())
        .isEqualTo("urn:fleetwell:problem:key-exists");
    assertThat(eventsOf(first)).containsExactly("key-added");
  }

  @Test
  void theSameKeyUnderAnotherIdIsAConflictThatStoresNothing() {
    Answer answer = send(
        line(first, key.jwk()),
        line(first, key.named("again").jwk(), CLAIM_CODE),
        line(first, key.jwk()),
        line(second, key.named("again").jwk()));
    assertThat(statuses(answer)).containsExactly(201, 409, 200, 201);
    JsonNode problem = resultsOf(answer).get(1).path("problem");
    assertThat(problem.path("type").asText())
        .isEqualTo("urn:fleetwell:problem:key-has-another-kid");
    assertThat(problem.path("kid").asText()).isEqualTo("factory");
    assertThat(keysOf(first)).containsExactly("factory");
    assertThat(eventsOf(first)).containsExactly("key-added");
  }

  @Test
  void aSixthKeyIsAConflict() {
    String[] lines = IntStream.range(0, 6)
        .mapToObj(i -> line(first, new DeviceSigner(first, "k" + i).jwk()))
        .toArray(String[]::new);
    Answer answer = send(lines);
    assertThat(statuses(answer)).containsExactly(201, 201, 201, 201, 201, 409);
    assertThat(resultsOf(answer).get(5).at("/problem/type").asText())
        .isEqualTo("urn:fleetwell:problem:too-many-keys");
  }

  @Test
  void aLineOfAMegabyteIsRefusedAlone() {
    String large =
        line(unique("device"), key.jwk()).replaceFirst("}$", "," + " ".repeat(1_000_000) + "}");
    Answer answer = send(line(first, key.jwk()), large, line(second, key.jwk()));
    assertThat(statuses(answer)).containsExactly(201, 413, 201);
    assertThat(resultsOf(answer).get(1).at("/problem/type").asText())
        .isEqualTo("urn:fleetwell:problem:too-large");
    assertThat(keysOf(second)).containsExactly("factory");
  }

  // Refused bodies

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n\n\n"})
  void aBodyWithoutLinesIsRefused(String body) {
    assertThat(send(body).problem()).isEqualTo("invalid");
  }

  @Test
  void aCallWith501LinesStoresNothing() {
    String[] lines = new String[501];
    Arrays.fill(lines, line(first, key.jwk()));
    Answer answer = send(lines);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo("invalid");
    assertThat(keysOf(first)).isEmpty();
  }

  private static String paddedTo(String line, int bytes) {
    return line + "\n" + " ".repeat(bytes - line.length() - 1);
  }

  @Test
  void aBodyMayHave4097000Bytes() {
    Answer answer = send(paddedTo(line(first, key.jwk()), 4_097_000));
    assertThat(statuses(answer)).containsExactly(201, 413);
  }

  @ParameterizedTest
  @ValueSource(ints = {4_097_001, 4_500_000, 6_000_000, 11_000_000})
  void aLargerBodyIsRefusedAndNothingIsStored(int bytes) {
    assertThat(send(paddedTo(line(first, key.jwk()), bytes)).status()).isEqualTo(413);
    assertThat(keysOf(first)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "text/plain", "application/octet-stream"})
  void aBodyOfAnotherTypeIsRefused(String type) {
    Answer answer = api.operator()
        .with("content-type", type)
        .send("POST", "/v1/devices/keys", line(first, key.jwk()).getBytes(UTF_8));
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.problem()).isEqualTo("unsupported-type");
    assertThat(keysOf(first)).isEmpty();
  }
}
