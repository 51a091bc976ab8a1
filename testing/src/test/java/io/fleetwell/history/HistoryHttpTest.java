package io.fleetwell.history;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of ownership, keys and claim codes that an operator can read. */
class HistoryHttpTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";
  private static final String WRONG = "7H3K-9QZM-2XW4-TD6Q";

  @SuppressWarnings("NullAway.Init")
  private static ClockedSystem system;

  private final Api api = system.api();
  private final TestClock clock = system.clock();
  private final Instant begin = clock.instant();
  private final String aliceId = unique("alice");
  private final Caller alice = api.user(aliceId);
  private final String bobId = unique("bob");
  private final Caller bob = api.user(bobId);
  private final Caller olga = api.operator();
  private final String id = unique("device");

  /** Starts at noon, so that what a test does within hours is on one day. */
  @BeforeAll
  static void start() throws Exception {
    Instant tomorrow = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
    system = new ClockedSystem(
        Map.of("HistoryDays", "30"), new TestClock(tomorrow.plus(Duration.ofHours(12))));
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  private static Answer claim(Caller user, String device) {
    return user.put("/v1/user/devices/owner/" + device);
  }

  private static Answer claim(Caller user, String device, String code) {
    return user.put("/v1/user/devices/owner/" + device, "{'claimcode': '%s'}".formatted(code));
  }

  private Answer setCode(Caller caller, String json) {
    return caller.put(
        "/v1/devices/%s/claimcode".formatted(id), "{'claimcode': %s}".formatted(json));
  }

  private static String path(String device) {
    return "/v1/devices/%s/history".formatted(device);
  }

  private List<JsonNode> history() {
    List<JsonNode> events = new ArrayList<>();
    olga.get(path(id) + "?limit=100").json().path("history").forEach(events::add);
    return events;
  }

  private List<String> eventNames() {
    return history().stream().map(event -> event.path("event").asText()).toList();
  }

  /**
   * The newest event without its times and what it changed, and with only the version of its revision. The others have tests
   * of their own.
   */
  private JsonNode newest() {
    ObjectNode event =
        ((ObjectNode) history().get(0)).without(List.of("time", "last", "before", "after"));
    return event.has("revision") ? event.put("revision", version(event)) : event;
  }

  private static String version(JsonNode event) {
    return event.path("revision").asText().replaceFirst("-.*", "");
  }

  private static JsonNode event(String text, Answer answer) {
    ObjectNode event = (ObjectNode) json(text);
    return event.put("requestid", answer.header("apigw-requestid"));
  }

  @Test
  void anUnknownDeviceHasNoHistory() {
    assertThat(olga.get(path(id)).json()).isEqualTo(json("{'history': []}"));
  }

  @Test
  void aClaimIsRecorded() {
    Answer answer = claim(alice, id);
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'claimed', 'by': {'kind': 'user', 'id': '%s'}, 'proof': 'issuer-token', 'owner': '%s', 'revision': '1'}"
                .formatted(aliceId, aliceId),
            answer));
    assertThat(answer.header("etag"))
        .isEqualTo("\"%s\"".formatted(history().get(0).path("revision").asText()));
  }

  @Test
  void aClaimWithTheCodeIsRecordedWithItsProof() {
    setCode(olga, "'" + CODE + "'");
    Answer answer = claim(alice, id, CODE);
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'claimed', 'by': {'kind': 'user', 'id': '%s'}, 'proof': 'claim-code', 'owner': '%s', 'revision': '2'}"
                .formatted(aliceId, aliceId),
            answer));
  }

  @Test
  void aCodeThatIsNotRequiredIsNoProof() {
    claim(alice, id, CODE);
    assertThat(newest().path("proof").asText()).isEqualTo("issuer-token");
  }

  @Test
  void aRefusedClaimOfAnOwnedDeviceIsRecorded() {
    claim(alice, id);
    Answer answer = claim(bob, id);
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'claim-refused', 'by': {'kind': 'user', 'id': '%s'}, 'proof': 'issuer-token', 'reason': 'already-owned', 'revision': '1', 'count': 1}"
                .formatted(bobId),
            answer));
  }

  private static JsonNode refused(String user, String reason, int count, Answer answer) {
    return event(
        "{'event': 'claim-refused', 'by': {'kind': 'user', 'id': '%s'}, 'proof': 'issuer-token', 'reason': '%s', 'revision': '1', 'count': %d}"
            .formatted(user, reason, count),
        answer);
  }

  @Test
  void aClaimWithTheWrongCodeIsRecorded() {
    setCode(olga, "'" + CODE + "'");
    Answer wrong = claim(bob, id, WRONG);
    assertThat(newest()).isEqualTo(refused(bobId, "claim-code", 1, wrong));
    clock.pass(Duration.ofSeconds(1));
    Answer missing = claim(alice, id);
    assertThat(newest()).isEqualTo(refused(aliceId, "claim-code", 1, missing));
  }

  @Test
  void refusedClaimsOfAUserOnADayAreOneEntryWithTheReasonOfTheLatest() {
    setCode(olga, "'" + CODE + "'");
    clock.pass(Duration.ofSeconds(1));
    for (int i = 0; i < 5; i++) {
      claim(bob, id, WRONG);
      clock.pass(Duration.ofSeconds(1));
    }
    Answer latest = claim(bob, id, CODE);
    assertThat(latest.status()).isEqualTo(429);
    assertThat(eventNames()).containsExactly("claim-refused", "claim-code-set");
    assertThat(newest()).isEqualTo(refused(bobId, "too-many-attempts", 6, latest));
    JsonNode entry = history().get(0);
    assertThat(Instant.parse(entry.path("last").asText()))
        .isEqualTo(Instant.parse(entry.path("time").asText()).plusSeconds(5));
  }

  /** A stranger cannot fill the history of a device. */
  @Test
  void aHundredAndFiftyRefusedClaimsAreOneEntry() {
    claim(alice, id);
    for (int i = 0; i < 150; i++) {
      assertThat(claim(bob, id).status()).isEqualTo(409);
    }
    assertThat(eventNames()).containsExactly("claim-refused", "claimed");
    assertThat(history().get(0).path("count").asInt()).isEqualTo(150);
  }

  @Test
  void refusedClaimsStayWhereTheFirstWas() {
    api.device(id).put("/v1/devices/" + id, "{}");
    claim(alice, id);
    claim(bob, id);
    clock.pass(Duration.ofSeconds(1));
    alice.delete("/v1/user/devices/owner/" + id);
    clock.pass(Duration.ofSeconds(1));
    claim(alice, id);
    Answer latest = claim(bob, id);
    assertThat(eventNames()).containsExactly("claimed", "released", "claim-refused", "claimed");
    JsonNode entry = history().get(2);
    assertThat(entry.path("count").asInt()).isEqualTo(2);
    assertThat(version(entry)).isEqualTo("4");
    assertThat(entry.path("requestid").asText()).isEqualTo(latest.header("apigw-requestid"));
  }

  @Test
  void theNextDayInUtcHasAnEntryOfItsOwn() {
    claim(alice, id);
    claim(bob, id);
    clock.pass(Duration.between(
        clock.instant(), clock.instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1))));
    Caller bobTomorrow = api.user(bobId);
    claim(bobTomorrow, id);
    claim(bobTomorrow, id);
    Caller olgaTomorrow = api.operator();
    List<Integer> counts = olgaTomorrow
        .get(path(id))
        .json()
        .path("history")
        .valueStream()
        .map(entry -> entry.path("count").asInt(0))
        .toList();
    clock.pass(Duration.ofHours(12));
    assertThat(counts).containsExactly(2, 1, 0);
  }

  @Test
  void anInvalidClaimIsNotRecorded() {
    bob.put("/v1/user/devices/owner/" + id, "{'claimcode': 5}");
    olga.put("/v1/user/devices/owner/" + id);
    assertThat(history()).isEmpty();
  }

  @Test
  void aReleaseByTheOwnerIsRecorded() {
    claim(alice, id);
    Answer answer = alice.delete("/v1/user/devices/owner/" + id);
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'released', 'by': {'kind': 'user', 'id': '%s'}, 'proof': 'issuer-token', 'owner': '%s', 'revision': '2'}"
                .formatted(aliceId, aliceId),
            answer));
  }

  @Test
  void aReleaseByAnOperatorIsRecorded() {
    claim(alice, id);
    Answer answer = olga.delete("/v1/devices/%s/owner".formatted(id));
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'released', 'by': {'kind': 'operator', 'id': 'olga'}, 'proof': 'issuer-token', 'owner': '%s', 'revision': '2'}"
                .formatted(aliceId),
            answer));
  }

  @Test
  void aReleaseByADeviceIsRecordedWithTheKeyThatSignedItsToken() {
    DeviceSigner device = new DeviceSigner(id, "factory");
    olga.put(device.path(), device.jwk());
    clock.pass(Duration.ofSeconds(1));
    claim(alice, id);
    Answer answer =
        api.token(device.token(clock.instant())).delete("/v1/devices/%s/owner".formatted(id));
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'released', 'by': {'kind': 'device', 'id': '%s'}, 'proof': 'device-key', 'signedby': 'factory', 'owner': '%s', 'revision': '2'}"
                .formatted(id, aliceId),
            answer));
  }

  @Test
  void aReleaseByADeviceWithATokenOfTheIssuerIsRecordedWithoutAKey() {
    claim(alice, id);
    Answer answer = api.device(id).delete("/v1/devices/%s/owner".formatted(id));
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'released', 'by': {'kind': 'device', 'id': '%s'}, 'proof': 'issuer-token', 'owner': '%s', 'revision': '2'}"
                .formatted(id, aliceId),
            answer));
  }

  @Test
  void aReleaseWithoutAnOwnerIsNotRecorded() {
    olga.delete("/v1/devices/%s/owner".formatted(id));
    alice.delete("/v1/user/devices/owner/" + id);
    assertThat(history()).isEmpty();
  }

  @Test
  void settingAndRemovingACodeAreRecorded() {
    Answer set = setCode(api.device(id), "'" + CODE + "'");
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'claim-code-set', 'by': {'kind': 'device', 'id': '%s'}, 'proof': 'issuer-token', 'revision': '1'}"
                .formatted(id),
            set));
    Answer removed = setCode(olga, "null");
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'claim-code-removed', 'by': {'kind': 'operator', 'id': 'olga'}, 'proof': 'issuer-token', 'revision': '2'}",
            removed));
  }

  @Test
  void settingTheSameCodeIsNotRecorded() {
    setCode(olga, "'" + CODE + "'");
    assertThat(setCode(api.device(id), "'7h3k 9qzm 2xw4 td6p'").status()).isEqualTo(204);
    setCode(olga, "null");
    setCode(olga, "null");
    assertThat(eventNames()).containsExactly("claim-code-removed", "claim-code-set");
  }

  @Test
  void changesOfKeysAreRecorded() {
    DeviceSigner first = new DeviceSigner(id, "first");
    DeviceSigner second = new DeviceSigner(id, "second");
    Answer added = olga.put(first.path(), first.jwk());
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'key-added', 'by': {'kind': 'operator', 'id': 'olga'}, 'proof': 'issuer-token', 'kid': 'first'}",
            added));
    Caller device = api.token(first.token(clock.instant()));
    String byDevice =
        "{'event': '%s', 'by': {'kind': 'device', 'id': '%s'}, 'proof': 'device-key', 'signedby': 'first', 'kid': 'second'}";
    Answer addedByDevice = device.put(second.path(), second.jwk());
    assertThat(newest()).isEqualTo(event(byDevice.formatted("key-added", id), addedByDevice));
    device.put(second.path(), second.jwk());
    Answer changed = olga.put(
        second.path(), second.jwk().replaceFirst("\\{", "{\"expires\":\"2100-01-01T00:00:00Z\","));
    assertThat(newest())
        .isEqualTo(event(
            "{'event': 'key-changed', 'by': {'kind': 'operator', 'id': 'olga'}, 'proof': 'issuer-token', 'kid': 'second'}",
            changed));
    Answer revoked = device.delete(second.path());
    assertThat(newest()).isEqualTo(event(byDevice.formatted("key-revoked", id), revoked));
    assertThat(eventNames())
        .containsExactly("key-revoked", "key-changed", "key-added", "key-added");
  }

  @Test
  void eventsHaveTheirTime() {
    claim(alice, id);
    clock.pass(Duration.ofMillis(12_345));
    alice.delete("/v1/user/devices/owner/" + id);
    clock.pass(Duration.ofMillis(655));
    assertThat(history())
        .extracting(event -> Instant.parse(event.path("time").asText()))
        .containsExactly(begin.plusMillis(12_345), begin);
  }

  @Test
  void theNewestEventIsFirstEvenAtTheSameTime() {
    api.device(id).put("/v1/devices/" + id, "{}");
    for (int i = 0; i < 3; i++) {
      claim(alice, id);
      olga.delete("/v1/devices/%s/owner".formatted(id));
    }
    assertThat(eventNames())
        .containsExactly("released", "claimed", "released", "claimed", "released", "claimed");
    assertThat(history())
        .extracting(HistoryHttpTest::version)
        .containsExactly("7", "6", "5", "4", "3", "2");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8})
  void historyIsReadPageByPage(int limit) {
    claim(alice, id);
    for (int i = 0; i < 6; i++) {
      claim(api.user(unique("someone")), id);
    }
    List<JsonNode> found = new ArrayList<>();
    int pages = 1;
    Answer page = olga.get("%s?limit=%d".formatted(path(id), limit));
    page.json().path("history").forEach(found::add);
    while (page.json().has("next")) {
      assertThat(page.json().path("history")).hasSize(limit);
      page = olga.get("%s?limit=%d&cursor=%s"
          .formatted(path(id), limit, page.json().path("next").asText()));
      page.json().path("history").forEach(found::add);
      pages++;
    }
    assertThat(found).isEqualTo(history()).hasSize(7);
    assertThat(pages).isEqualTo((7 + limit - 1) / limit);
  }

  @Test
  void anEventBetweenTwoPagesDoesNotShiftTheNext() {
    claim(alice, id);
    for (int i = 0; i < 3; i++) {
      claim(api.user(unique("someone")), id);
    }
    List<JsonNode> before = history();
    Answer first = olga.get(path(id) + "?limit=2");
    clock.pass(Duration.ofSeconds(1));
    claim(bob, id);
    Answer second = olga.get(
        "%s?limit=2&cursor=%s".formatted(path(id), first.json().path("next").asText()));
    assertThat(second.json().path("history").valueStream()).isEqualTo(before.subList(2, 4));
  }

  @Test
  void aCursorOfAnotherListOrCallerIsRefused() {
    claim(alice, id);
    claim(bob, id);
    String other = id + "-other";
    claim(alice, other);
    claim(bob, other);
    String cursor = olga.get(path(id) + "?limit=1").json().path("next").asText();
    assertThat(olga.get("%s?cursor=%s".formatted(path(id), cursor)).status()).isEqualTo(200);
    assertThat(olga.get("%s?cursor=%s".formatted(path(other), cursor)).status()).isEqualTo(400);
    Caller otto = system.operator("otto");
    assertThat(otto.get("%s?cursor=%s".formatted(path(id), cursor)).status()).isEqualTo(400);
    assertThat(olga.get("%s?cursor=%sA".formatted(path(id), cursor)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "101", "-1", "x", "%20"})
  void aLimitOutsideOneToAHundredIsRefused(String limit) {
    assertThat(olga.get("%s?limit=%s".formatted(path(id), limit)).status()).isEqualTo(400);
  }

  @Test
  void eventsAreHiddenAfterTheConfiguredDays() {
    claim(alice, id);
    clock.pass(Duration.ofDays(1));
    api.operator().delete("/v1/devices/%s/owner".formatted(id));
    clock.pass(Duration.ofDays(29));
    Caller later = api.operator();
    assertThat(eventNamesFor(later)).containsExactly("released", "claimed");
    clock.pass(Duration.ofMillis(1));
    assertThat(eventNamesFor(later)).containsExactly("released");
    clock.pass(Duration.ofDays(1).minusMillis(1));
    assertThat(eventNamesFor(api.operator())).containsExactly("released");
    clock.pass(Duration.ofMillis(1));
    assertThat(eventNamesFor(api.operator())).isEmpty();
    clock.pass(Duration.ofMillis(999));
  }

  private List<String> eventNamesFor(Caller operator) {
    return operator.get(path(id)).json().path("history").findValuesAsText("event");
  }

  @Test
  void aPageOfExpiredEventsIsEmpty() {
    claim(alice, id);
    claim(bob, id);
    clock.pass(Duration.ofDays(30).minusMillis(1));
    Caller operator = api.operator();
    String next = operator.get(path(id) + "?limit=1").json().path("next").asText();
    clock.pass(Duration.ofMillis(1_001));
    Answer page = operator.get("%s?limit=1&cursor=%s".formatted(path(id), next));
    assertThat(page.json()).isEqualTo(json("{'history': []}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"firmware", "a%20b", "owner"})
  void aMalformedDeviceidIsRefused(String device) {
    assertThat(olga.get(path(device)).status()).isEqualTo(400);
  }

  @Test
  void historyHasNoTokenOrCode() {
    DeviceSigner device = new DeviceSigner(id, "factory");
    olga.put(device.path(), device.jwk());
    String token = device.token(clock.instant());
    setCode(api.token(token), "'" + CODE + "'");
    claim(bob, id, WRONG);
    claim(alice, id, CODE);
    claim(bob, id, CODE);
    api.token(token).delete("/v1/devices/%s/owner".formatted(id));
    String text = olga.get(path(id)).text();
    assertThat(eventNames()).hasSize(5);
    assertThat(text)
        .doesNotContainIgnoringCase("9QZM")
        .doesNotContain("eyJ")
        .doesNotContain(token.substring(token.lastIndexOf('.') + 1));
  }
}
