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
import io.fleetwell.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators did, as operators and support read it. */
class AuditHttpTest {
  private static final String KEY = """
      {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

  @SuppressWarnings("NullAway.Init")
  private static ClockedSystem system;

  private final Api api = system.api();
  private final TestClock clock = system.clock();
  private final String aliceId = unique("alice");
  private final Caller alice = api.user(aliceId);
  private final String id = unique("device");
  private final String type = unique("type");

  @BeforeAll
  static void start() throws Exception {
    system = new ClockedSystem(
        Map.of("HistoryDays", "30"), new TestClock(Instant.parse("2027-01-31T12:00:00Z")));
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  /** With a new token, because time passes. */
  private Caller olga() {
    return system.operator("olga");
  }

  private List<JsonNode> entries(String query) {
    return pages("/v1/audit?limit=100&" + query, List.of());
  }

  private List<JsonNode> pages(String path, List<JsonNode> before) {
    JsonNode page = olga().get(path).json();
    List<JsonNode> all = new ArrayList<>(before);
    page.path("entries").forEach(all::add);
    return page.has("next")
        ? pages(
            path.replaceFirst("&cursor=.*", "") + "&cursor=" + page.path("next").asText(), all)
        : all;
  }

  private List<String> actions(String query) {
    return entries(query).stream().map(it -> it.path("action").asText()).toList();
  }

  /** The newest act on the device, without its time. */
  private JsonNode newest() {
    return withoutTime(entries("deviceid=" + id).get(0));
  }

  private static JsonNode withoutTime(JsonNode entry) {
    return ((ObjectNode) entry.deepCopy()).without("time");
  }

  private static JsonNode act(String text, Answer answer) {
    ObjectNode act = (ObjectNode) json(text);
    act.set("by", json("{'kind': 'operator', 'id': 'olga'}"));
    return act.put("requestid", answer.header("apigw-requestid"));
  }

  private Answer publish(String version) {
    return olga()
        .post(
            "/v1/firmware",
            "{'devicetype': '%s', 'region': 'eu', 'version': '%s', 'downloadurl': 'https://example.com/1', 'releasenotes': [{'lang': 'en', 'body': 'Better'}]}"
                .formatted(type, version));
  }

  private static String idOf(Answer published) {
    return published.json().path("id").asText();
  }

  @Test
  void aReleaseThatIsGoneIsInTheLogWithWhoWithdrewIt() {
    Answer published = publish("9.5");
    String firmware = idOf(published);
    clock.pass(Duration.ofSeconds(1));
    Answer withdrawn = olga().delete("/v1/firmware?id=" + firmware);
    ObjectNode record = ((ObjectNode) published.json()).without("releasenotes");
    ObjectNode first = (ObjectNode) act(
        "{'action': 'firmware-published', 'about': {'firmware': '%s'}, 'before': {}}"
            .formatted(firmware),
        published);
    first.set("after", record);
    ObjectNode second = (ObjectNode) act(
        "{'action': 'firmware-withdrawn', 'about': {'firmware': '%s'}, 'after': {}}"
            .formatted(firmware),
        withdrawn);
    second.set("before", record);
    assertThat(entries("firmware=" + firmware))
        .extracting(AuditHttpTest::withoutTime)
        .containsExactly(second, first);
  }

  @Test
  void aRefusedPublicationIsNoAct() {
    String firmware = idOf(publish("1.0"));
    assertThat(publish("1.0.0").status()).isEqualTo(409);
    assertThat(actions("firmware=" + firmware)).containsExactly("firmware-published");
  }

  @Test
  void aSecondWithdrawalIsNoAct() {
    String firmware = idOf(publish("1.0"));
    clock.pass(Duration.ofSeconds(1));
    olga().delete("/v1/firmware?id=" + firmware);
    assertThat(olga().delete("/v1/firmware?id=" + firmware).status()).isEqualTo(404);
    assertThat(actions("firmware=" + firmware))
        .containsExactly("firmware-withdrawn", "firmware-published");
  }

  @Test
  void anEditNamesTheFieldsAndTellsNoValue() {
    api.device(id).put("/v1/devices/" + id, "{'region': 'dk', 'versioninfo': {'firmware': '1.0'}}");
    Answer edited = olga()
        .put(
            "/v1/devices/" + id,
            "{'region': 'de', 'devicename': 'Mum', 'rooms': {'Granny': 1}, 'versioninfo': {'firmware': null}}");
    assertThat(newest())
        .isEqualTo(act(
            "{'action': 'device-changed', 'about': {'deviceid': '%s'}, 'before': {'fields': ['/region', '/versioninfo/firmware']}, 'after': {'fields': ['/devicename', '/region', '/rooms', '/versioninfo']}}"
                .formatted(id),
            edited));
  }

  @Test
  void anEditThatChangesNothingIsNoAct() {
    olga().put("/v1/devices/" + id, "{'region': 'dk'}");
    olga().put("/v1/devices/" + id, "{'region': 'dk'}");
    assertThat(actions("deviceid=" + id)).containsExactly("device-changed");
  }

  @Test
  void anEditIsAlsoInTheHistoryOfTheDevice() {
    olga().put("/v1/devices/" + id, "{'region': 'dk'}");
    JsonNode event = olga()
        .get("/v1/devices/%s/history".formatted(id))
        .json()
        .path("history")
        .path(0);
    assertThat(event.path("event").asText()).isEqualTo("device-changed");
    assertThat(event.path("after")).isEqualTo(json("{'fields': ['/region']}"));
  }

  @Test
  void aDeviceThatIsTakenBackNamesItsFormerOwner() {
    alice.put("/v1/user/devices/owner/" + id);
    Answer taken = olga().delete("/v1/devices/%s/owner".formatted(id));
    assertThat(newest())
        .isEqualTo(act(
            "{'action': 'released', 'about': {'deviceid': '%s', 'userid': '%s'}, 'before': {'fields': ['owner']}, 'after': {'fields': []}}"
                .formatted(id, aliceId),
            taken));
  }

  @Test
  void aClaimCodeIsNeverInTheLog() {
    String path = "/v1/devices/%s/claimcode".formatted(id);
    Answer set = olga().put(path, "{'claimcode': '7H3K-9QZM-2XW4-TD6P'}");
    assertThat(newest())
        .isEqualTo(act(
            "{'action': 'claim-code-set', 'about': {'deviceid': '%s'}, 'before': {'fields': []}, 'after': {'fields': ['claimcode']}}"
                .formatted(id),
            set));
    Answer removed = olga().put(path, "{'claimcode': null}");
    assertThat(newest())
        .isEqualTo(act(
            "{'action': 'claim-code-removed', 'about': {'deviceid': '%s'}, 'before': {'fields': ['claimcode']}, 'after': {'fields': []}}"
                .formatted(id),
            removed));
  }

  @Test
  void aKeyIsInTheLogByItsIdAndExpiry() {
    String path = "/v1/devices/%s/keys/k1".formatted(id);
    olga().put(path, KEY);
    Instant expires = clock.instant().plus(Duration.ofDays(1));
    olga().put(path, KEY.replace("}", ", \"expires\": \"%s\"}".formatted(expires)));
    Answer revoked = olga().delete(path);
    assertThat(actions("deviceid=" + id))
        .containsExactly("key-revoked", "key-changed", "key-added");
    assertThat(newest())
        .isEqualTo(act(
            "{'action': 'key-revoked', 'about': {'deviceid': '%s'}, 'before': {'kid': 'k1', 'expires': '%s'}, 'after': {}}"
                .formatted(id, expires),
            revoked));
  }

  @Test
  void anImportIsOneActWithCounts() {
    Answer answer = olga().importKeys("""
        {"deviceid": "%s-1", "facts": {"region": "dk"}}
        {"deviceid": "%s-2", "facts": {"region": "dk"}}
        {"deviceid": "..", "facts": {"region": "dk"}}""".formatted(id, id));
    JsonNode imported = ofRequest(answer, "devices-imported").get(0);
    assertThat(withoutTime(imported))
        .isEqualTo(act(
            "{'action': 'devices-imported', 'about': {}, 'before': {}, 'after': {'lines': 3, 'changed': 2}}",
            answer));
    assertThat(actions("deviceid=%s-1".formatted(id))).isEmpty();
  }

  @Test
  void anImportThatChangesNothingIsNoAct() {
    String line = "{'deviceid': '%s', 'facts': {'region': 'dk'}}".formatted(id);
    olga().importKeys(line);
    assertThat(ofRequest(olga().importKeys(line), "devices-imported")).isEmpty();
    assertThat(ofRequest(olga().importKeys("not JSON"), "devices-imported")).isEmpty();
  }

  private List<JsonNode> ofRequest(Answer answer, String action) {
    String requestId = answer.header("apigw-requestid");
    return entries("action=" + action).stream()
        .filter(it -> it.path("requestid").asText().equals(requestId))
        .toList();
  }

  @Test
  void whatUsersAndDevicesDoIsNotInTheLog() {
    api.device(id).put("/v1/devices/" + id, "{'region': 'dk'}");
    api.device(id).put("/v1/devices/%s/claimcode".formatted(id), "{'claimcode': null}");
    alice.put("/v1/user/devices/owner/" + id);
    alice.delete("/v1/user/devices/owner/" + id);
    assertThat(entries("deviceid=" + id)).isEmpty();
  }

  @Test
  void theLogIsSelectedByActionCallerAndTime() {
    clock.pass(Duration.ofSeconds(1));
    Instant begin = clock.instant();
    olga().put("/v1/devices/" + id, "{'region': 'dk'}");
    clock.pass(Duration.ofSeconds(1));
    Instant middle = clock.instant();
    String firmware = idOf(publish("1.0"));
    clock.pass(Duration.ofSeconds(1));
    String since = "after=%s&".formatted(begin.minusMillis(1));
    assertThat(actions(since)).containsExactly("firmware-published", "device-changed");
    assertThat(actions(since + "action=device-changed")).containsExactly("device-changed");
    assertThat(actions(since + "by=olga&action=firmware-published"))
        .containsExactly("firmware-published");
    assertThat(actions(since + "by=nobody")).isEmpty();
    assertThat(actions("after=" + begin)).containsExactly("firmware-published");
    assertThat(actions(since + "before=" + middle)).containsExactly("device-changed");
    assertThat(actions(since + "deviceid=%s&firmware=%s".formatted(id, firmware)))
        .isEmpty();
  }

  @Test
  void theLogGoesThroughTheMonthsInPages() {
    List<String> published = new ArrayList<>();
    Instant begin = clock.instant();
    for (int i = 1; i <= 4; i++) {
      clock.pass(Duration.ofDays(20));
      published.add(0, idOf(publish(i + ".0")));
    }
    String query = "limit=1&action=firmware-published&after=" + begin;
    assertThat(pages("/v1/audit?" + query, List.of()))
        .extracting(it -> it.path("about").path("firmware").asText())
        .containsExactlyElementsOf(published);
  }

  @Test
  void anActOnADeviceExpiresAndOneOnFirmwareIsKept() {
    olga().put("/v1/devices/" + id, "{'region': 'dk'}");
    String firmware = idOf(publish("1.0"));
    clock.pass(Duration.ofDays(31));
    assertThat(actions("deviceid=" + id)).isEmpty();
    assertThat(actions("firmware=" + firmware)).containsExactly("firmware-published");
    assertThat(entries("action=device-changed"))
        .extracting(it -> it.path("about").path("deviceid").asText())
        .doesNotContain(id);
  }

  /** Twelve years have more months than a page may look through. */
  @Test
  void aSearchThatFindsNothingInManyMonthsGoesOnOnTheNextPage() {
    String firmware = idOf(publish("1.0"));
    clock.pass(Duration.ofDays(12 * 365));
    JsonNode first = olga().get("/v1/audit").json();
    assertThat(first.path("entries")).isEmpty();
    assertThat(first.has("next")).isTrue();
    assertThat(entries("action=firmware-published"))
        .extracting(it -> it.path("about").path("firmware").asText())
        .contains(firmware);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "action=withdrawn",
        "after=yesterday",
        "before=2026-12-01",
        "deviceid=..",
        "firmware=a/b",
        "user=alice"
      })
  void aWrongFilterIs400AndNamed(String query) {
    Answer answer = olga().get("/v1/audit?" + query);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("errors").path(0).path("parameter").asText())
        .isEqualTo(query.replaceFirst("=.*", ""));
  }

  @Test
  void supportReadsTheLog() {
    assertThat(api.support().get("/v1/audit").status()).isEqualTo(200);
  }
}
