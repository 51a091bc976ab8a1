package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningSystem.class)
class DeviceDetailsHttpTest {
  private final Api api;
  private final String id = unique("device");

  DeviceDetailsHttpTest(Api api) {
    this.api = api;
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
        {'one': 1, 'decimal': 1.0, 'precise': 53.250, 'small': 0.0001, 'large': 9007199254740993,
         'digits': 12345678901234567890123456789012345678, 'fraction': 53.25, 'zero': 0, 'negative': -17, 'thousand': 1e3}
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
  void ifMatchAnyIsRefusedWithoutARecord() {
    assertThat(
            api.device(id).with("if-match", "*").put("/v1/devices/" + id, "{}").status())
        .isEqualTo(412);
  }
}
