package io.fleetwell.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.access.AccessTable;
import io.fleetwell.testing.access.Role;
import io.fleetwell.testing.access.Scene;
import io.fleetwell.testing.journey.RecordedCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A caller without a relation to a device gets the same response for a device that somebody else owns as for one that
 * does not exist. Only a claim reveals the difference. The clock stands still, so that times are equal.
 */
class StrangersHttpTest {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static ClockedSystem system;
  private static Api api;

  /** Has the same length as the other id, so that responses of the same content have the same length. */
  private final String owned = "owned%04d-".formatted(NUMBER.incrementAndGet());

  private final String absent = owned.replace("owned", "never");

  @BeforeAll
  static void start() throws Exception {
    system = new ClockedSystem(Map.of());
    api = system.api();
  }

  @AfterAll
  static void stop() throws IOException {
    system.close();
  }

  /** A caller with this relation to the owned device, and none to the absent one. */
  private Caller enter(Role role) {
    return new Scene(api, system.clock(), owned).enter(role);
  }

  /** The response as the caller sees it, without the ids of the device and the request. */
  private static String seen(Answer answer, String name) {
    Map<String, List<String>> headers =
        new TreeMap<>(answer.response().headers().map());
    headers.keySet().removeAll(List.of("apigw-requestid", "date"));
    return "%d %s %s"
        .formatted(answer.status(), headers, answer.text())
        .replace(answer.header("apigw-requestid"), "REQUEST")
        .replace(name, "NAME");
  }

  /** Leaves out a firmware check by device type, which has the same result for everybody. */
  static Stream<Arguments> callsOfStrangers() {
    List<Role> strangers = List.of(
        Role.STRANGER, Role.FORMER_OWNER, Role.ANOTHER_DEVICE, Role.ANOTHER_SELF_SIGNED_DEVICE);
    return AccessTable.read().rows().stream()
        .filter(row -> !Set.of("ClaimDevice", "CheckFirmware", "ProbeFirmware").contains(row))
        .flatMap(row -> strangers.stream().map(role -> Arguments.of(row, role)));
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("callsOfStrangers")
  void noOperationRevealsAnOwnedDevice(String row, Role role) {
    Caller caller = enter(role);
    Answer ofOwned = RecordedCall.of(row, owned).send(caller);
    Answer ofAbsent = RecordedCall.of(row, absent).send(caller);
    assertThat(seen(ofOwned, owned)).isEqualTo(seen(ofAbsent, absent));
  }

  @Test
  void onlyAClaimRevealsAnOwnedDevice() {
    Caller caller = enter(Role.STRANGER);
    assertThat(RecordedCall.of("ClaimDevice", owned).send(caller).status()).isEqualTo(409);
    assertThat(RecordedCall.of("ClaimDevice", absent).send(caller).status()).isEqualTo(201);
  }

  // Calls that are not recorded

  private record Question(String what, BiFunction<Caller, String, List<Answer>> ask) {
    List<String> seen(Caller caller, String name) {
      return ask.apply(caller, name).stream()
          .map(answer -> StrangersHttpTest.seen(answer, name))
          .toList();
    }

    @Override
    public String toString() {
      return what;
    }
  }

  private static Question question(String what, BiFunction<Caller, String, Answer> ask) {
    return new Question(what, (caller, name) -> List.of(ask.apply(caller, name)));
  }

  private static Answer register(Caller caller, String name, String details) {
    return caller.put("/v1/user/devices/%s1".formatted(name), details);
  }

  private static List<Answer> registerRepeatedly(Caller caller, String name) {
    Answer first = register(caller, name, "{'devicename': 'One', 'region': 'dk'}");
    Answer same = register(caller, name, "{'devicename': 'One', 'region': 'dk'}");
    Caller careful = caller.with("if-match", first.header("etag"));
    Answer changed = register(careful, name, "{'devicename': 'Two', 'region': null}");
    Answer stale = register(careful, name, "{'devicename': 'Three'}");
    Answer another = register(caller, name, "{'serial': 'S'}");
    return List.of(first, same, changed, stale, another);
  }

  /** The tag that its owner sees, for a question about the owned device or the absent one. */
  private static String tagOfOwned(String name) {
    String path = "/v1/devices/%s1".formatted(name.replace("never", "owned"));
    String tag = api.operator().get(path).header("etag");
    assertThat(tag).isNotEmpty();
    return tag;
  }

  static Stream<Question> questions() {
    return Stream.of(
        new Question("registering repeatedly", StrangersHttpTest::registerRepeatedly),
        question("registering without details", (it, name) -> register(it, name, "{}")),
        question(
            "registering with If-Match: *",
            (it, name) -> register(it.with("if-match", "*"), name, "{}")),
        question(
            "registering with a guessed revision",
            (it, name) -> register(it.with("if-match", "\"1-m8k2vq0x\""), name, "{}")),
        new Question(
            "registering with If-None-Match: *, twice",
            (it, name) -> List.of(
                register(it.with("if-none-match", "*"), name, "{}"),
                register(it.with("if-none-match", "*"), name, "{}"))),
        question(
            "registering unless it has a guessed revision",
            (it, name) -> register(it.with("if-none-match", "\"1-m8k2vq0x\""), name, "{}")),
        question(
            "getting with If-None-Match: *",
            (it, name) -> it.with("if-none-match", "*").get("/v1/devices/%s1".formatted(name))),
        question(
            "getting with the ETag of the owned device",
            (it, name) ->
                it.with("if-none-match", tagOfOwned(name)).get("/v1/devices/%s1".formatted(name))),
        question(
            "getting with a malformed If-None-Match",
            (it, name) -> it.with("if-none-match", "none").get("/v1/devices/%s1".formatted(name))),
        question(
            "a search with If-None-Match: *",
            (it, name) ->
                it.with("if-none-match", "*").get("/v1/devices?serial=%sNUMBER1".formatted(name))),
        question(
            "a search with the ETag of the owned device",
            (it, name) -> it.with("if-none-match", tagOfOwned(name))
                .get("/v1/devices?serial=%sNUMBER1".formatted(name))),
        question(
            "a release with If-Match: *",
            (it, name) ->
                it.with("if-match", "*").delete("/v1/user/devices/owner/%s1".formatted(name))),
        question("registering with an owner", (it, name) -> register(it, name, "{'owner': 'me'}")),
        question("registering invalid details", (it, name) -> register(it, name, "{'serial': 1}")),
        question(
            "a check with the deviceid only",
            (it, name) -> it.get("/v1/devices/firmware?deviceid=%s1".formatted(name))),
        question(
            "a check for test firmware",
            (it, name) -> it.get("/v1/devices/firmware?test=true&deviceid=%s1".formatted(name))),
        question(
            "a search by serial number and type",
            (it, name) ->
                it.get("/v1/devices?serial=%sNUMBER1&devicetype=%s100".formatted(name, name))),
        question(
            "a log that is not a form",
            (it, name) -> it.with("content-type", "application/zip")
                .send(
                    "POST",
                    "/v1/devices/%s1/logs/log".formatted(name),
                    "none".getBytes(StandardCharsets.UTF_8))),
        question(
            "a log of a malformed type",
            (it, name) -> it.send("POST", "/v1/devices/%s1/logs/a.b".formatted(name), new byte[0])),
        question(
            "a release with a body",
            (it, name) -> it.with("content-type", "application/json")
                .send(
                    "DELETE",
                    "/v1/user/devices/owner/%s1".formatted(name),
                    "{}".getBytes(StandardCharsets.UTF_8))));
  }

  @ParameterizedTest
  @MethodSource("questions")
  void noVariantOfACallRevealsAnOwnedDevice(Question question) {
    Caller caller = enter(Role.STRANGER);
    assertThat(question.seen(caller, owned)).isEqualTo(question.seen(caller, absent));
  }

  @Test
  void theListOfRegisteredDevicesDoesNotRevealAnOwnedDevice() {
    Caller caller = enter(Role.STRANGER);
    for (String name : List.of(absent, owned)) {
      register(caller, name, "{'devicename': 'Mine', 'serial': 'S'}");
    }
    List<JsonNode> devices =
        caller.get("/v1/user/devices").json().path("devices").valueStream().toList();
    assertThat(devices).hasSize(2);
    assertThat(devices.get(0).toString().replace(absent, owned))
        .isEqualTo(devices.get(1).toString());
  }
}
