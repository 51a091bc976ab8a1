package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.RunningSystem;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Releases by an operator, and by the device after a factory reset. */
@ExtendWith(RunningSystem.class)
class TakeBackHttpTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";

  private final Api api;
  private final Caller alice;
  private final Caller bob;
  private final String id = unique("device");

  TakeBackHttpTest(Api api) {
    this.api = api;
    this.alice = api.user(unique("alice"));
    this.bob = api.user(unique("bob"));
  }

  private static Answer claim(Caller user, String device) {
    return user.put("/v1/user/devices/owner/" + device);
  }

  private static Answer takeBack(Caller caller, String device) {
    return caller.delete("/v1/devices/%s/owner".formatted(device));
  }

  private static List<String> idsOf(Answer list) {
    return list.json().path("devices").findValuesAsText("deviceid");
  }

  private void assertHasNoOwner() {
    assertThat(idsOf(alice.get("/v1/user/devices/owner"))).isEmpty();
    assertThat(idsOf(alice.get("/v1/user/devices"))).isEmpty();
    assertThat(alice.get("/v1/devices/" + id).status()).isEqualTo(404);
  }

  @Test
  void anOperatorReleasesAnyDevice() {
    claim(alice, id);
    assertThat(takeBack(api.operator(), id).status()).isEqualTo(204);
    assertHasNoOwner();
  }

  @Test
  void aDeviceReleasesItself() {
    claim(alice, id);
    assertThat(takeBack(api.device(id), id).status()).isEqualTo(204);
    assertHasNoOwner();
  }

  @Test
  void aDeviceWithoutAnOwnerCannotBeReleased() {
    assertThat(takeBack(api.operator(), id).status()).isEqualTo(404);
    assertThat(takeBack(api.device(id), id).status()).isEqualTo(404);
    assertThat(api.operator().get("/v1/devices/" + id).status()).isEqualTo(404);
    alice.put("/v1/user/devices/" + id, "{'devicename': 'Alice'}");
    assertThat(takeBack(api.operator(), id).problem()).isEqualTo("not-found");
    assertThat(alice.get("/v1/devices/" + id).json().path("devicename").asText())
        .isEqualTo("Alice");
  }

  @Test
  void aSecondReleaseIsNotFound() {
    claim(alice, id);
    assertThat(takeBack(api.operator(), id).status()).isEqualTo(204);
    assertThat(takeBack(api.operator(), id).status()).isEqualTo(404);
  }

  @Test
  void aMalformedDeviceidIsRefused() {
    assertThat(takeBack(api.operator(), "a%20b").status()).isEqualTo(400);
  }

  /** Writes all details that a release deletes or keeps. */
  private void writeAsEveryCaller(String device) {
    api.device(device)
        .put(
            "/v1/devices/" + device,
            "{'serial': 'S', 'volume': 3, 'location': {'country': 'de'}, 'odd': 1}");
    bob.put("/v1/user/devices/" + device, "{'devicename': 'Bob', 'brand': 'C'}");
    alice.put(
        "/v1/user/devices/" + device,
        "{'devicename': 'Alice', 'brand': 'B', 'location': {'city': 'Bonn'}, 'odd': 2}");
    assertThat(claim(alice, device).status()).isEqualTo(201);
    alice.put("/v1/user/devices/" + device, "{'purchase': {'country': 'dk'}, 'platform': 'P'}");
    bob.put("/v1/user/devices/" + device, "{'devicename': 'Not mine'}");
    api.device(device).put("/v1/devices/" + device, "{'volume': 4, 'odd': 3}");
  }

  private ObjectNode recordOf(String device) {
    ObjectNode record = (ObjectNode) api.operator().get("/v1/devices/" + device).json();
    record.remove("deviceid");
    return record;
  }

  @Test
  void everyReleaseDeletesTheSameDetailsOfUsers() {
    for (String device : List.of(id + "-owner", id + "-operator", id + "-device")) {
      writeAsEveryCaller(device);
    }
    assertThat(alice.delete("/v1/user/devices/owner/" + id + "-owner").status()).isEqualTo(204);
    assertThat(takeBack(api.operator(), id + "-operator").status()).isEqualTo(204);
    assertThat(takeBack(api.device(id + "-device"), id + "-device").status()).isEqualTo(204);
    assertThat(recordOf(id + "-owner")).isEqualTo(json("{'serial': 'S'}"));
    assertThat(recordOf(id + "-operator")).isEqualTo(recordOf(id + "-owner"));
    assertThat(recordOf(id + "-device")).isEqualTo(recordOf(id + "-owner"));
    assertThat(idsOf(alice.get("/v1/user/devices"))).isEmpty();
    assertThat(idsOf(bob.get("/v1/user/devices"))).hasSize(3);
  }

  @Test
  void theNextOwnerSeesNoDetailsOfThePreviousOne() {
    claim(alice, id);
    alice.put("/v1/user/devices/" + id, "{'devicename': 'Alice', 'brand': 'B'}");
    takeBack(api.device(id), id);
    Answer next = claim(bob, id);
    assertThat(next.status()).isEqualTo(201);
    assertThat(next.json()).isEqualTo(json("{'deviceid': '%s'}".formatted(id)));
    assertThat(claim(alice, id).json().path("yours")).isEqualTo(json("false"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"an operator", "the device"})
  void theClaimCodeIsStillRequired(String who) {
    api.operator()
        .put("/v1/devices/%s/claimcode".formatted(id), "{'claimcode': '%s'}".formatted(CODE));
    String proof = "{'claimcode': '%s'}".formatted(CODE);
    alice.put("/v1/user/devices/owner/" + id, proof);
    takeBack(who.equals("the device") ? api.device(id) : api.operator(), id);
    assertThat(claim(bob, id).problem()).isEqualTo("claim-code");
    assertThat(bob.put("/v1/user/devices/owner/" + id, proof).status()).isEqualTo(201);
  }

  @Test
  void theKeysOfTheDeviceAreKept() {
    DeviceSigner device = new DeviceSigner(id, "factory");
    api.operator().put(device.path(), device.jwk());
    api.device(id).put("/v1/devices/" + id, "{}");
    claim(alice, id);
    takeBack(api.operator(), id);
    assertThat(api.token(device.token(Instant.now())).get("/v1/devices/" + id).status())
        .isEqualTo(200);
  }
}
