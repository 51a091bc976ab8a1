package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.revision.Preconditions;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.RunningSystem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningSystem.class)
class DeviceDetailsHttpTest {
  private final Api api;
  private final Aws aws;
  private final String id = unique("device");

  DeviceDetailsHttpTest(Api api, Aws aws) {
    this.api = api;
    this.aws = aws;
  }

  private static final String SPEAKER = """
      {'devicetype': 'Device Type', 'brand': 'SmartDevice100', 'serial': 'SERIALNUMBER1',
       'devicename': 'George\\u0027s 100',
       'purchase': {'country': 'dk', 'point-of-sale': 'retailer', 'date': '2017-07-28'},
       'warranty': {'extended': true, 'expires': '2018-01-28'},
       'versioninfo': {'firmware': '123', 'module': '', 'mcu': '', 'dsp': '', 'bt': ''},
       'power': {'bootcount': 6, 'runtime': 124, 'batteryruntime': 35, 'powersupplyruntime': 89, 'chargingtime': 221},
       'presets': [
         {'presetnumber': 1, 'ref': '199458', 'service': 'xmly', 'name': '黑猫警长系列故事'},
         {'presetnumber': 5, 'ref': '1343', 'service': 'vtuner', 'name': 'Radio Guangdong Music 99.3 FM'}]}
      """;

  private static final String PHONE = """
      {'devicetype': 'phone', 'devicename': 'HTC One_M8', 'devicemanufacturer': 'HTC', 'platform': 'android',
       'platformversion': '6.0', 'location': {'city': 'Dublin', 'country': 'Ireland'}, 'countrycode': 'ie',
       'locale': {'country': 'GB', 'language': 'en'}}
      """;

  private ObjectNode withId(String details) {
    ObjectNode device = (ObjectNode) json("{'deviceid': '%s'}".formatted(id));
    device.setAll((ObjectNode) json(details));
    return device;
  }

  @Test
  void theDetailsOfASpeakerAreReturnedUnchanged() {
    Caller device = api.device(id);
    assertThat(device.put("/v1/devices/" + id, SPEAKER).status()).isEqualTo(201);
    assertThat(device.get("/v1/devices/" + id).json()).isEqualTo(withId(SPEAKER));
  }

  @Test
  void theDetailsOfAPhoneAreReturnedUnchanged() {
    Caller alice = api.user("alice");
    assertThat(alice.put("/v1/user/devices/" + id, PHONE).status()).isEqualTo(201);
    assertThat(alice.get("/v1/devices/" + id).json()).isEqualTo(withId(PHONE));
  }

  @Test
  void numbersAreReturnedAsWritten() {
    String details = """
        {'one': 1, 'precise': 53.250, 'small': 0.0001, 'large': 9007199254740993,
         'digits': 12345678901234567890123456789012345678, 'fraction': 53.25, 'zero': 0, 'negative': -17}
        """;
    Caller device = api.device(id);
    device.put("/v1/devices/" + id, details);
    assertThat(device.get("/v1/devices/" + id).json().toString())
        .isEqualTo(sorted(withId(details)).toString());
  }

  private static ObjectNode sorted(ObjectNode device) {
    ObjectNode sorted = (ObjectNode) json("{}");
    sorted.set("deviceid", device.remove("deviceid"));
    device.properties().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(field -> sorted.set(field.getKey(), field.getValue()));
    return sorted;
  }

  @Test
  void detailsOfUserAndDeviceAreMerged() {
    api.user("alice")
        .put("/v1/user/devices/" + id, "{'devicename': 'Kitchen', 'power': {'bootcount': 1}}");
    Answer answer = api.device(id).put("/v1/devices/" + id, "{'power': {'runtime': 7}}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json())
        .isEqualTo(withId("{'devicename': 'Kitchen', 'power': {'bootcount': 1, 'runtime': 7}}"));
  }

  @Test
  void nullRemovesAField() {
    Caller device = api.device(id);
    device.put(
        "/v1/devices/" + id, "{'devicename': 'Kitchen', 'power': {'bootcount': 1, 'runtime': 2}}");
    Answer answer =
        device.put("/v1/devices/" + id, "{'devicename': null, 'power': {'runtime': null}}");
    assertThat(answer.json()).isEqualTo(withId("{'power': {'bootcount': 1}}"));
  }

  @Test
  void aWrongTypeOfAKnownFieldIsRefusedWithItsPointer() {
    Answer answer = api.device(id)
        .put(
            "/v1/devices/" + id,
            "{'power': {'bootcount': '6'}, 'presets': [{'name': 5}], 'serial': 1}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder("/power/bootcount", "/presets/0/name", "/serial");
    assertThat(api.device(id).get("/v1/devices/" + id).status()).isEqualTo(404);
  }

  // Odd values

  private Answer send(String body) {
    return api.device(id)
        .with("content-type", "application/json")
        .send("PUT", "/v1/devices/" + id, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode stored() {
    return api.device(id).get("/v1/devices/" + id).json();
  }

  @ParameterizedTest
  @CsvSource({
    "6.0, 6",
    "6e0, 6",
    "60e-1, 6",
    "-0.0, 0",
    "-0, 0",
    "-0e5, 0",
    "1e30, 1000000000000000000000000000000"
  })
  void anIntegerInAnotherNotationIsStoredAndAnsweredAsAnInteger(String number, String integer) {
    Answer answer = send("{'power': {'bootcount': %1$s}, 'other': [%1$s]}".formatted(number));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    String expected = "\"power\":{\"bootcount\":%s}".formatted(integer);
    assertThat(answer.text()).contains(expected, "\"other\":[%s]".formatted(integer));
    assertThat(api.device(id).get("/v1/devices/" + id).text()).contains(expected);
  }

  @Test
  void anEqualNumberInAnotherNotationChangesNothing() {
    String first = send("{'power': {'bootcount': 6.0}, 'a': 1e3}").header("etag");
    assertThat(send("{'power': {'bootcount': 60e-1}, 'a': 1000.00}").header("etag"))
        .isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.5", "0.1", "6.0000000001"})
  void aFractionIsNoInteger(String number) {
    assertThat(send("{'power': {'bootcount': %s}}".formatted(number)).status()).isEqualTo(400);
  }

  @Test
  void hugeIntegersCountWithAllTheirDigits() {
    Answer answer = send("{'a': [%s1e125]}".formatted("1e125,".repeat(10_000)));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(send("{'a': [%s1e125]}".formatted("1e125,".repeat(500))).status())
        .isEqualTo(201);
  }

  @Test
  void nullInsideAnArrayIsKept() {
    String details = """
        {'presets': [null, {'presetnumber': null, 'name': null, 'other': null}], 'a': [[null], {'b': null}]}
        """;
    assertThat(send(details).status()).isEqualTo(201);
    assertThat(stored()).isEqualTo(withId(details));
  }

  @Test
  void aByteOrderMarkBeforeTheBodyIsIgnored() {
    assertThat(send("\ufeff{'devicename': 'Kitchen'}").status()).isEqualTo(201);
    assertThat(stored()).isEqualTo(withId("{'devicename': 'Kitchen'}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ufeff\ufeff{}", "{\ufeff}", "{}\ufeff"})
  void aByteOrderMarkElsewhereIsRefused(String body) {
    assertThat(send(body).status()).isEqualTo(400);
  }

  // Texts that rules compare

  static Stream<Arguments> writtenBy() {
    return Stream.of(arguments("device", "/v1/devices/"), arguments("user", "/v1/user/devices/"));
  }

  @ParameterizedTest
  @MethodSource("writtenBy")
  void comparedTextsAreStoredAndAnsweredInTheirForm(String kind, String path) {
    String sent = """
        {'devicetype': ' Ho\u0308he\\n', 'region': '\\tDK\\u0000', 'serial': '\\ufeffS-17\\r\\n',
         'versioninfo': {'firmware': '9.9.9\\n', 'bt': ' 4 '}, 'devicename': ' Kitchen '}
        """;
    Caller caller = kind.equals("user") ? api.user(unique("alice")) : api.device(id);
    Answer answer = caller.put(path + id, sent);
    assertThat(answer.json()).isEqualTo(withId("""
            {'devicetype': 'H\u00f6he', 'region': 'DK', 'serial': 'S-17',
             'versioninfo': {'firmware': '9.9.9', 'bt': '4'}, 'devicename': ' Kitchen '}
            """));
    assertThat(caller.get("/v1/devices/" + id).json()).isEqualTo(answer.json());
  }

  @ParameterizedTest
  @MethodSource("writtenBy")
  void aComparedTextOfWhiteSpaceAloneIsRefusedWithItsPointer(String kind, String path) {
    Caller caller = kind.equals("user") ? api.user(unique("alice")) : api.device(id);
    Answer answer = caller.put(
        path + id,
        "{'devicetype': ' ', 'region': '\\n', 'serial': '\\u0000', 'versioninfo': {'firmware': '\\u00a0', 'x': '\\t'}}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("errors").findValuesAsText("pointer"))
        .containsExactlyInAnyOrder(
            "/devicetype", "/region", "/serial", "/versioninfo/firmware", "/versioninfo/x");
    assertThat(api.operator().get("/v1/devices/" + id).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%0A", "%20", "%00", "%EF%BB%BF"})
  void aDeviceIsFoundBySerialWithoutWhatIsStrippedAtItsEnds(String end) {
    api.device(id)
        .put("/v1/devices/" + id, "{'serial': ' %s\\n', 'devicetype': 'T'}".formatted(id));
    Caller alice = api.user(unique("alice"));
    alice.put("/v1/user/devices/" + id, "{}");
    for (Caller caller : List.of(api.device(id), alice, api.operator())) {
      Answer answer = caller.get("/v1/devices?serial=" + end + id + end + "&devicetype=T" + end);
      assertThat(answer.json().path("deviceid").asText()).as(answer.text()).isEqualTo(id);
    }
  }

  // Records of earlier releases, which kept details as they were sent

  private void storedByAnEarlierRelease(String details) {
    DynamoDbDeviceStore.from(aws)
        .change(
            id,
            Optional.empty(),
            before -> DetailsRule.tell(
                before,
                (ObjectNode) json(details),
                Device.Source.DEVICE,
                Preconditions.NONE,
                Instant.now()));
  }

  @Test
  void anIntegerThatWasStoredInAnotherNotationIsRead() {
    storedByAnEarlierRelease("{'power': {'bootcount': 6, 'other': 6.0}, 'a': [1e3, 0.0, 1.50]}");
    String etag = api.device(id).get("/v1/devices/" + id).header("etag");
    assertThat(stored())
        .isEqualTo(withId("{'a': [1000, 0, 1.50], 'power': {'bootcount': 6, 'other': 6}}"));
    assertThat(send("{'a': [1e3, 0.0, 1.50]}").header("etag")).isEqualTo(etag);
  }

  @Test
  void textsThatWereStoredAsTheyWereSentAreComparedInTheirForm() {
    String type = unique("speaker") + "\u00e9";
    api.operator().post("/v1/firmware", """
            {'devicetype': '%s', 'region': 'dk', 'version': '2.0', 'serial-regex': 'SN[0-9]+',
             'downloadurl': 'https://firmware.example.com/2.bin'}
            """.formatted(type));
    storedByAnEarlierRelease("{'devicetype': ' %s\\n', 'region': 'DK ', 'serial': 'SN123\\u0000'}"
        .formatted(type.replace("\u00e9", "e\u0301")));
    assertThat(api.device(id).get("/v1/devices/firmware").json().path("version").asText())
        .isEqualTo("2.0");
    Answer found = api.device(id)
        .get("/v1/devices?serial=SN123&devicetype="
            + URLEncoder.encode(type, StandardCharsets.UTF_8));
    assertThat(found.json().path("deviceid").asText()).isEqualTo(id);
  }

  @Test
  void aTextOfWhiteSpaceAloneThatWasStoredCountsAsMissing() {
    storedByAnEarlierRelease("{'devicetype': ' ', 'region': '\\n', 'serial': '\\u0000'}");
    Answer answer = api.device(id).get("/v1/devices/firmware");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("detail").asText()).contains("devicetype");
  }

  @Test
  void aStaleChangeIsRefused() {
    Caller device = api.device(id);
    String first = device.put("/v1/devices/" + id, "{'devicename': 'one'}").header("etag");
    assertThat(device
            .with("if-match", first)
            .put("/v1/devices/" + id, "{'devicename': 'two'}")
            .status())
        .isEqualTo(200);
    Answer stale =
        device.with("if-match", first).put("/v1/devices/" + id, "{'devicename': 'three'}");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.problem()).isEqualTo("stale");
    assertThat(device.get("/v1/devices/" + id).json().path("devicename").asText())
        .isEqualTo("two");
  }

  @Test
  void aDeviceThatAsksForANewRecordIsRefusedAnExistingOne() {
    Caller device = api.device(id).with("if-none-match", "*");
    assertThat(device.put("/v1/devices/" + id, "{'volume': 1}").status()).isEqualTo(201);
    Answer again = device.put("/v1/devices/" + id, "{'volume': 2}");
    assertThat(again.status()).isEqualTo(412);
    assertThat(again.problem()).isEqualTo("stale");
    assertThat(api.operator()
            .with("if-none-match", "*")
            .put("/v1/devices/" + id, "{'volume': 3}")
            .status())
        .isEqualTo(412);
    assertThat(api.device(id).get("/v1/devices/" + id).json()).isEqualTo(withId("{'volume': 1}"));
  }

  @Test
  void aUserWhoAsksForTheirFirstRegistrationIsRefusedTheSecond() {
    Caller alice = api.user(unique("alice"));
    Caller bob = api.user(unique("bob"));
    api.device(id).put("/v1/devices/" + id, "{}");
    for (Caller user : List.of(alice, bob)) {
      Caller first = user.with("if-none-match", "*");
      assertThat(first.put("/v1/user/devices/" + id, "{'volume': 1}").status()).isEqualTo(201);
      assertThat(first.put("/v1/user/devices/" + id, "{'volume': 2}").status()).isEqualTo(412);
    }
    assertThat(alice.get("/v1/devices/" + id).json()).isEqualTo(withId("{'volume': 1}"));
  }

  @Test
  void aTagInIfNoneMatchExcludesItsRevision() {
    Caller device = api.device(id);
    String first = device.put("/v1/devices/" + id, "{'volume': 1}").header("etag");
    for (String tag : List.of(first, "W/" + first, "\"x\", " + first)) {
      assertThat(device
              .with("if-none-match", tag)
              .put("/v1/devices/" + id, "{'volume': 2}")
              .status())
          .isEqualTo(412);
    }
    assertThat(device
            .with("if-none-match", "\"x\"")
            .put("/v1/devices/" + id, "{'volume': 2}")
            .status())
        .isEqualTo(200);
    assertThat(device
            .with("if-none-match", first)
            .put("/v1/devices/" + id, "{'volume': 3}")
            .status())
        .isEqualTo(200);
  }

  @Test
  void ofConcurrentNewRecordsOneIsCreated() throws Exception {
    Caller device = api.device(id).with("if-none-match", "*");
    Callable<Answer> put = () -> device.put("/v1/devices/" + id, "{'volume': 1}");
    assertThat(AtOnce.call(Collections.nCopies(8, put)))
        .extracting(Answer::status)
        .containsExactlyInAnyOrder(201, 412, 412, 412, 412, 412, 412, 412);
  }

  @Test
  void ifMatchAnyIsRefusedWithoutARecord() {
    assertThat(
            api.device(id).with("if-match", "*").put("/v1/devices/" + id, "{}").status())
        .isEqualTo(412);
  }
}
