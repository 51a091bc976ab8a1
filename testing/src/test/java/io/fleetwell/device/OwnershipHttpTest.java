package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningSystem.class)
class OwnershipHttpTest {
  private final Api api;
  private final Caller alice;
  private final Caller bob;
  private final String id = unique("device");

  OwnershipHttpTest(Api api) {
    this.api = api;
    this.alice = api.user(unique("alice"));
    this.bob = api.user(unique("bob"));
  }

  private static Answer claim(Caller user, String id) {
    return user.put("/v1/user/devices/owner/" + id);
  }

  private static Answer release(Caller user, String id) {
    return user.delete("/v1/user/devices/owner/" + id);
  }

  private static List<String> idsOf(Answer list) {
    return list.json().path("devices").findValuesAsText("deviceid");
  }

  @Test
  void aDeviceWithoutDetailsCanBeClaimed() {
    Answer answer = claim(alice, id);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json()).isEqualTo(json("{'deviceid': '%s'}".formatted(id)));
  }

  @Test
  void aClaimIsInTheNextLists() {
    claim(alice, id);
    assertThat(idsOf(alice.get("/v1/user/devices/owner"))).containsExactly(id);
    assertThat(idsOf(alice.get("/v1/user/devices"))).containsExactly(id);
  }

  @Test
  void anOwnedDeviceCannotBeClaimed() {
    claim(alice, id);
    Answer answer = claim(bob, id);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.problem()).isEqualTo("already-owned");
    assertThat(answer.json().path("yours")).isEqualTo(json("false"));
    assertThat(idsOf(bob.get("/v1/user/devices/owner"))).isEmpty();
  }

  @Test
  void aClaimByTheOwnerSaysThatTheDeviceIsTheirs() {
    claim(alice, id);
    Answer answer = claim(alice, id);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().path("yours")).isEqualTo(json("true"));
  }

  private static void assertStale(Answer answer) {
    assertThat(answer.status()).isEqualTo(412);
    assertThat(answer.problem()).isEqualTo("stale");
  }

  @Test
  void aClaimOfAStaleRevisionIsRefused() {
    String read = alice.put("/v1/user/devices/" + id, "{'brand': 'B'}").header("etag");
    String now = api.device(id).put("/v1/devices/" + id, "{'volume': 3}").header("etag");
    assertStale(claim(alice.with("if-match", read), id));
    assertStale(claim(alice.with("if-match", "W/" + now), id));
    assertThat(idsOf(alice.get("/v1/user/devices/owner"))).isEmpty();
    assertThat(claim(alice.with("if-match", read + ", " + now), id).status()).isEqualTo(201);
  }

  @Test
  void aClaimOfAnyRevisionNeedsARecord() {
    assertStale(claim(alice.with("if-match", "*"), id));
    api.device(id).put("/v1/devices/" + id, "{}");
    assertThat(claim(alice.with("if-match", "*"), id).status()).isEqualTo(201);
  }

  /** RFC 9110, 13.2.1: a request that is refused anyway ignores its preconditions. */
  @Test
  void aClaimThatIsRepeatedWithItsRevisionSaysThatTheDeviceIsTheirs() {
    Caller careful =
        alice.with("if-match", alice.put("/v1/user/devices/" + id, "{}").header("etag"));
    assertThat(claim(careful, id).status()).isEqualTo(201);
    Answer again = claim(careful, id);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().path("yours")).isEqualTo(json("true"));
    assertThat(claim(bob.with("if-match", "\"another\""), id).json().path("yours"))
        .isEqualTo(json("false"));
  }

  /** Otherwise it would tell without a trace that nobody owns the device. */
  @Test
  void aStaleClaimIsRecorded() {
    api.device(id).put("/v1/devices/" + id, "{}");
    for (int i = 0; i < 3; i++) {
      assertStale(claim(alice.with("if-match", "\"another\""), id));
    }
    JsonNode history =
        api.operator().get("/v1/devices/%s/history".formatted(id)).json().path("history");
    assertThat(history.path(0).path("reason").asText()).isEqualTo("stale");
    assertThat(history.path(0).path("count").asInt()).isEqualTo(3);
  }

  @Test
  void aReleaseOfAStaleRevisionIsRefused() {
    String read = claim(alice, id).header("etag");
    String now = api.device(id).put("/v1/devices/" + id, "{'volume': 3}").header("etag");
    assertStale(release(alice.with("if-match", read), id));
    assertThat(idsOf(alice.get("/v1/user/devices/owner"))).containsExactly(id);
    assertThat(release(alice.with("if-match", now), id).status()).isEqualTo(204);
    assertThat(release(alice.with("if-match", now), id).status()).isEqualTo(404);
  }

  @Test
  void takingBackAStaleRevisionIsRefused() {
    String read = claim(alice, id).header("etag");
    String now = alice.put("/v1/user/devices/" + id, "{'volume': 3}").header("etag");
    for (Caller caller : List.of(api.operator(), api.device(id))) {
      assertStale(caller.with("if-match", read).delete("/v1/devices/%s/owner".formatted(id)));
    }
    Caller operator = api.operator().with("if-match", now);
    assertThat(operator.delete("/v1/devices/%s/owner".formatted(id)).status()).isEqualTo(204);
    assertThat(operator.delete("/v1/devices/%s/owner".formatted(id)).status()).isEqualTo(404);
  }

  @Test
  void aReleasedDeviceLosesPersonalDetailsAndCanBeClaimed() {
    api.device(id).put("/v1/devices/" + id, "{'serial': 'S-%s', 'volume': 3}".formatted(id));
    claim(alice, id);
    alice.put("/v1/user/devices/" + id, "{'devicename': 'Alice', 'brand': 'B'}");
    assertThat(release(alice, id).status()).isEqualTo(204);
    assertThat(alice.get("/v1/devices/" + id).status()).isEqualTo(404);
    assertThat(idsOf(alice.get("/v1/user/devices"))).isEmpty();
    Answer next = claim(bob, id);
    assertThat(next.status()).isEqualTo(201);
    assertThat(next.json())
        .isEqualTo(json("{'deviceid': '%s', 'serial': 'S-%s'}".formatted(id, id)));
  }

  @Test
  void aStrangersRegistrationOfAnOwnedDeviceStaysSeparate() {
    claim(alice, id);
    alice.put("/v1/user/devices/" + id, "{'devicename': 'Alice'}");
    assertThat(bob.put("/v1/user/devices/" + id, "{'devicename': 'Bob'}").status())
        .isEqualTo(201);
    assertThat(bob.put("/v1/user/devices/" + id, "{'volume': 1}").status()).isEqualTo(200);
    assertThat(alice.get("/v1/devices/" + id).json().path("devicename").asText())
        .isEqualTo("Alice");
    assertThat(bob.get("/v1/devices/" + id).status()).isEqualTo(404);
    JsonNode seen = bob.get("/v1/user/devices").json().path("devices").path(0);
    assertThat(seen)
        .isEqualTo(json("{'deviceid': '%s', 'devicename': 'Bob', 'volume': 1}".formatted(id)));
  }

  @Test
  void theFirstRegistrationIs201AndTheNextIs200() {
    claim(alice, id);
    assertThat(alice.put("/v1/user/devices/" + id, "{}").status()).isEqualTo(201);
    assertThat(alice.put("/v1/user/devices/" + id, "{}").status()).isEqualTo(200);
  }

  @Test
  void aListIsReadPageByPage() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add("%s-%d".formatted(id, i));
      claim(alice, ids.get(i));
    }
    for (String list : List.of("/v1/user/devices", "/v1/user/devices/owner")) {
      List<String> found = new ArrayList<>();
      Answer page = alice.get(list + "?limit=2");
      found.addAll(idsOf(page));
      while (page.json().has("next")) {
        page = alice.get(
            "%s?limit=2&cursor=%s".formatted(list, page.json().path("next").asText()));
        found.addAll(idsOf(page));
      }
      assertThat(found).isEqualTo(ids);
    }
  }

  @Test
  void aFullLastPageHasNoNext() {
    claim(alice, id + "-1");
    claim(alice, id + "-2");
    assertThat(alice.get("/v1/user/devices?limit=2").json().has("next")).isFalse();
    assertThat(alice.get("/v1/user/devices/owner?limit=2").json().has("next")).isFalse();
  }

  @Test
  void pagesOfLargeDevicesFitIntoLambdasLimitAndSkipNothing() {
    String filler = "x".repeat(60_000);
    List<String> ids = new ArrayList<>();
    for (int i = 10; i < 60; i++) {
      ids.add("%s-%d".formatted(id, i));
      alice.put("/v1/user/devices/" + ids.get(i - 10), "{'devicename': '%s'}".formatted(filler));
    }
    List<String> found = new ArrayList<>();
    Answer page = alice.get("/v1/user/devices?limit=100");
    found.addAll(idsOf(page));
    while (page.json().has("next")) {
      page = alice.get(
          "/v1/user/devices?limit=100&cursor=" + page.json().path("next").asText());
      found.addAll(idsOf(page));
    }
    assertThat(found).isEqualTo(ids);
  }

  @Test
  void aReplacedSerialIsNotFound() {
    String serial = unique("serial");
    api.device(id).put("/v1/devices/" + id, "{'serial': '%s'}".formatted(serial));
    api.device(id).put("/v1/devices/" + id, "{'serial': 'other-%s'}".formatted(serial));
    assertThat(api.operator().get("/v1/devices?serial=" + serial).status()).isEqualTo(404);
    assertThat(api.operator().get("/v1/devices?serial=other-" + serial).status())
        .isEqualTo(200);
  }

  @Test
  void anAmbiguousSerialIsAConflictUnlessTheTypeIsGiven() {
    String serial = unique("serial");
    String other = id + "-other";
    api.device(id)
        .put("/v1/devices/" + id, "{'serial': '%s', 'devicetype': 'Speaker'}".formatted(serial));
    api.device(other)
        .put(
            "/v1/devices/" + other, "{'serial': '%s', 'devicetype': 'Soundbar'}".formatted(serial));
    Answer answer = api.operator().get("/v1/devices?serial=" + serial);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().path("ids").valueStream().map(JsonNode::asText))
        .containsExactlyInAnyOrder(id, other);
    Answer narrowed = api.operator().get("/v1/devices?devicetype=Soundbar&serial=" + serial);
    assertThat(narrowed.json().path("deviceid").asText()).isEqualTo(other);
  }

  @Test
  void aStrangersDeviceWithTheSameSerialIsIgnored() {
    String serial = unique("serial");
    alice.put("/v1/user/devices/" + id, "{'serial': '%s'}".formatted(serial));
    bob.put("/v1/user/devices/" + id + "-fake", "{'serial': '%s'}".formatted(serial));
    assertThat(alice.get("/v1/devices?serial=" + serial).json().path("deviceid").asText())
        .isEqualTo(id);
  }
}
