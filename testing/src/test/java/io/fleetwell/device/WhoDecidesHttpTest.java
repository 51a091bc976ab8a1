package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody but its maker decides what a device installs, and nobody's words reach another. */
@ExtendWith(RunningSystem.class)
class WhoDecidesHttpTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";

  private final Api api;
  private final String id = unique("device");
  private final String speaker = unique("Speaker");
  private final String toaster = unique("Toaster");
  private final Caller operator;
  private final Caller device;
  private final Caller alice;
  private final Caller mallory;

  WhoDecidesHttpTest(Api api) {
    this.api = api;
    this.operator = api.operator();
    this.device = api.device(id);
    this.alice = api.user(unique("alice"));
    this.mallory = api.user(unique("mallory"));
  }

  @BeforeEach
  void publish() {
    for (String type : new String[] {speaker, toaster}) {
      assertThat(operator
              .post(
                  "/v1/firmware",
                  "{'devicetype': '%s', 'region': '*', 'version': '2.0.0', 'downloadurl': 'https://downloads.example/%s'}"
                      .formatted(type, type))
              .status())
          .isEqualTo(201);
    }
  }

  private static void succeeds(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isBetween(200, 299);
  }

  private Answer registers(Caller user, String details) {
    return user.put("/v1/user/devices/" + id, details);
  }

  private Answer claims(Caller user) {
    return user.put("/v1/user/devices/owner/" + id);
  }

  private Answer tells(String details) {
    return device.put("/v1/devices/" + id, details);
  }

  private String checks() {
    Answer answer = device.get("/v1/devices/firmware");
    return answer.status() == 200 ? answer.json().path("devicetype").asText() : answer.problem();
  }

  @Test
  void aBystanderDoesNotChooseTheFirmwareOfADeviceThatNobodyOwns() {
    succeeds(
        tells("{'devicetype': '%s', 'versioninfo': {'firmware': '1.0.0'}}".formatted(speaker)));
    succeeds(registers(mallory, "{'devicetype': '%s'}".formatted(toaster)));
    succeeds(registers(mallory, "{'versioninfo': {'firmware': '99999'}}"));
    succeeds(registers(mallory, "{'devicetype': null, 'versioninfo': null}"));
    assertThat(checks()).isEqualTo(speaker);
    succeeds(claims(alice));
    assertThat(checks()).isEqualTo(speaker);
  }

  @Test
  void aBystanderDoesNotChooseTheTypeOfADeviceThatDoesNotTellIt() {
    succeeds(tells("{'versioninfo': {'firmware': '1.0.0'}}"));
    succeeds(registers(mallory, "{'devicetype': '%s'}".formatted(toaster)));
    assertThat(checks()).isEqualTo("invalid");
    succeeds(registers(alice, "{'devicetype': '%s'}".formatted(speaker)));
    assertThat(checks()).isEqualTo("invalid");
    succeeds(claims(alice));
    assertThat(checks()).isEqualTo(speaker);
  }

  @Test
  void aFormerOwnerDecidesNothing() {
    succeeds(tells("{'versioninfo': {'firmware': '1.0.0'}}"));
    succeeds(registers(mallory, "{'devicetype': '%s'}".formatted(toaster)));
    succeeds(claims(mallory));
    assertThat(checks()).isEqualTo(toaster);
    succeeds(mallory.delete("/v1/user/devices/owner/" + id));
    assertThat(checks()).isEqualTo("invalid");
    succeeds(claims(alice));
    assertThat(checks()).isEqualTo("invalid");
  }

  @Test
  void anAppWithAnOldCacheDoesNotTurnTheDevicesVersionBack() {
    succeeds(
        tells("{'devicetype': '%s', 'versioninfo': {'firmware': '2.0.0'}}".formatted(speaker)));
    succeeds(claims(alice));
    Answer answer = registers(alice, "{'versioninfo': {'firmware': '1.0.0'}}");
    assertThat(answer.json().path("versioninfo").path("firmware").asText()).isEqualTo("2.0.0");
    assertThat(checks()).isEqualTo("no-update");
  }

  @Test
  void aBystanderDoesNotFillTheRoomOfADevice() {
    for (Caller user : new Caller[] {mallory, api.user(unique("trudy"))}) {
      registers(
          user,
          "{'versioninfo': {'log': '%s'}, 'note': '%s'}"
              .formatted("x".repeat(30_000), "y".repeat(30_000)));
    }
    succeeds(tells("{'devicetype': '%s', 'versioninfo': {'firmware': '1.0.0', 'boot': '%s'}}"
        .formatted(speaker, "z".repeat(60_000))));
    succeeds(
        registers(alice, "{'devicename': 'Kitchen', 'note': '%s'}".formatted("a".repeat(60_000))));
    Answer claimed = claims(alice);
    assertThat(claimed.json().path("devicename").asText()).isEqualTo("Kitchen");
  }

  @ParameterizedTest
  @ValueSource(strings = {"the device", "an operator"})
  void aCallerWhoSendsTheRecordBackDoesNotTakeOverTheOwnersWords(String who) {
    Caller maker = who.equals("the device") ? device : operator;
    succeeds(tells("{'devicetype': '%s'}".formatted(speaker)));
    succeeds(claims(mallory));
    succeeds(
        registers(mallory, "{'devicename': 'secret', 'brand': 'secret', 'power': {'secret': 1}}"));
    String record = maker.get("/v1/devices/" + id).text();
    assertThat(record).contains("secret");
    succeeds(maker.put("/v1/devices/" + id, record));
    succeeds(mallory.delete("/v1/user/devices/owner/" + id));
    assertThat(claims(alice).text()).doesNotContain("secret");
    assertThat(operator.get("/v1/devices/" + id).text()).doesNotContain("secret");
  }

  @Test
  void personalDetailsThatTheDeviceToldGoWithTheUser() {
    succeeds(claims(mallory));
    succeeds(
        tells(
            "{'serial': 'S', 'devicename': 'secret', 'location': {'city': 'secret'}, 'presets': [{'name': 'secret'}]}"));
    succeeds(device.delete("/v1/devices/%s/owner".formatted(id)));
    succeeds(registers(alice, "{}"));
    assertThat(alice.get("/v1/devices/" + id).json())
        .isEqualTo(json("{'deviceid': '%s', 'serial': 'S'}".formatted(id)));
  }

  @Test
  void aRegistrationOfADeviceWithAClaimCodeRevealsNothing() {
    succeeds(operator.put(
        "/v1/devices/%s/claimcode".formatted(id), "{'claimcode': '%s'}".formatted(CODE)));
    succeeds(tells("{'devicetype': '%s', 'serial': 'S'}".formatted(speaker)));
    String owned = unique("owned");
    succeeds(mallory.put("/v1/user/devices/owner/" + owned));
    Caller trudy = api.user(unique("trudy"));
    for (String path : new String[] {"/v1/user/devices/", "/v1/devices/"}) {
      Answer ofCoded =
          path.contains("user") ? trudy.put(path + id, "{'note': 1}") : trudy.get(path + id);
      Answer ofOwned =
          path.contains("user") ? trudy.put(path + owned, "{'note': 1}") : trudy.get(path + owned);
      assertThat(ofCoded.status()).isEqualTo(ofOwned.status());
      assertThat(ofCoded.problem()).isEqualTo(ofOwned.problem());
    }
    assertThat(trudy.get("/v1/devices/firmware?deviceid=" + id).status()).isEqualTo(404);
    assertThat(trudy.get("/v1/user/devices").text()).doesNotContain(speaker);
  }

  @Test
  void anOperatorFindsTheDeviceThatToldItsSerialAmongFakes() {
    String serial = unique("serial");
    for (int i = 0; i < 3; i++) {
      succeeds(mallory.put(
          "/v1/user/devices/fake-%d-%s".formatted(i, id), "{'serial': '%s'}".formatted(serial)));
    }
    assertThat(operator.get("/v1/devices?serial=" + serial).status()).isEqualTo(409);
    succeeds(tells("{'serial': '%s'}".formatted(serial)));
    assertThat(
            operator.get("/v1/devices?serial=" + serial).json().path("deviceid").asText())
        .isEqualTo(id);
  }

  @Test
  void aUserIsOfferedFirmwareBeforeAndAfterTheClaim() {
    succeeds(registers(
        alice, "{'devicetype': '%s', 'versioninfo': {'firmware': '1.0.0'}}".formatted(speaker)));
    String question = "/v1/devices/firmware?deviceid=" + id;
    assertThat(alice.get(question).json().path("version").asText()).isEqualTo("2.0.0");
    succeeds(claims(alice));
    assertThat(alice.get(question).json().path("version").asText()).isEqualTo("2.0.0");
    assertThat(checks()).isEqualTo(speaker);
  }
}
