package io.fleetwell.items;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Aws;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.ids.UtcDay;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.StoredItems;
import io.fleetwell.testing.StoredItems.ItemKey;
import io.fleetwell.testing.ZippedLogs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What this release does with items that a later release wrote beside it, and with one that cannot be read.
 *
 * <p>Alice owns device 1 and registered device 2. Bob registered device 1. Device 1 has a key.
 */
@ExtendWith(RunningSystem.class)
class LaterReleaseHttpTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";

  /** What no release writes yet. */
  private static final String UNKNOWN = "later";

  private static final AttributeValue VALUE =
      AttributeValue.fromM(Map.of("kept", AttributeValue.fromSs(List.of("a", "b"))));

  private final Api api;
  private final Aws aws;
  private final StoredItems items;
  private final String one = unique("device");
  private final String two = one + "-2";
  private final String aliceId = unique("alice");
  private final String bobId = unique("bob");
  private final Caller alice;
  private final Caller bob;
  private final DeviceSigner signer = new DeviceSigner(one, "k1");

  LaterReleaseHttpTest(Api api, Aws aws) {
    this.api = api;
    this.aws = aws;
    this.items = new StoredItems(aws);
    this.alice = api.user(aliceId);
    this.bob = api.user(bobId);
    done(alice.put("/v1/user/devices/owner/" + one));
    done(alice.put("/v1/user/devices/" + one, "{'devicename': 'Kitchen'}"));
    done(alice.put("/v1/user/devices/" + two, "{'devicename': 'Hall'}"));
    done(bob.put("/v1/user/devices/" + one, "{'devicename': 'Mine'}"));
    done(api.operator().put(signer.path(), signer.jwk()));
  }

  private static Answer done(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
    return answer;
  }

  /** A call, and an item that it changes. */
  private record Change(
      Function<LaterReleaseHttpTest, ItemKey> item, Function<LaterReleaseHttpTest, Answer> call) {
    static Named<Change> of(
        String name,
        Function<LaterReleaseHttpTest, ItemKey> item,
        Function<LaterReleaseHttpTest, Answer> call) {
      return Named.of(name, new Change(item, call));
    }
  }

  private String owner(String deviceId) {
    return "/v1/user/devices/owner/" + deviceId;
  }

  private Answer wrongCode() {
    return bob.put(owner(two), "{'claimcode': '7H3K-9QZM-2XW4-TD6A'}");
  }

  private Answer upload(String content) {
    return ZippedLogs.upload(
        api.device(one), "/v1/devices/%s/logs/crash".formatted(one), ZippedLogs.zip(content));
  }

  static Stream<Named<Change>> changes() {
    return Stream.of(
        Change.of(
            "the device tells",
            it -> StoredItems.device(it.one),
            it -> it.api.device(it.one).put("/v1/devices/" + it.one, "{'serial': 'S1'}")),
        Change.of(
            "the owner says",
            it -> StoredItems.device(it.one),
            it -> it.alice.put("/v1/user/devices/" + it.one, "{'devicename': 'Bath'}")),
        Change.of(
            "a user says",
            it -> StoredItems.device(it.two),
            it -> it.bob.put("/v1/user/devices/" + it.two, "{'region': 'dk'}")),
        Change.of("a claim", it -> StoredItems.device(it.two), it -> it.bob.put(it.owner(it.two))),
        Change.of(
            "a release", it -> StoredItems.device(it.one), it -> it.alice.delete(it.owner(it.one))),
        Change.of(
            "the end of an ownership",
            it -> StoredItems.device(it.one),
            it -> it.api.device(it.one).delete("/v1/devices/%s/owner".formatted(it.one))),
        Change.of(
            "the last words go",
            it -> StoredItems.device(it.two),
            it -> it.alice.delete("/v1/user/devices/" + it.two)),
        Change.of(
            "a claim code",
            it -> StoredItems.device(it.one),
            it -> it.api
                .operator()
                .put(
                    "/v1/devices/%s/claimcode".formatted(it.one),
                    "{'claimcode': '%s'}".formatted(CODE))),
        Change.of(
            "the factory",
            it -> StoredItems.device(it.one),
            it -> it.api
                .operator()
                .importKeys("{'deviceid': '%s', 'facts': {'brand': 'B'}}".formatted(it.one))),
        Change.of(
            "a registration",
            it -> StoredItems.registration(it.aliceId, it.two),
            it -> it.alice.put("/v1/user/devices/" + it.two, "{'devicename': 'Bath'}")),
        Change.of(
            "a claim of a registered device",
            it -> StoredItems.registration(it.aliceId, it.two),
            it -> it.alice.put(it.owner(it.two))),
        Change.of(
            "the count of devices",
            it -> StoredItems.registration(it.aliceId, "#"),
            it -> it.alice.put("/v1/user/devices/" + it.two + "-3", "{}")),
        Change.of(
            "the count of keys",
            it -> StoredItems.key(it.one, "#"),
            it -> it.api
                .operator()
                .put(
                    "/v1/devices/%s/keys/k2".formatted(it.one),
                    new DeviceSigner(it.one, "k2").jwk())),
        Change.of(
            "a key's expiry",
            it -> StoredItems.key(it.one, "k1"),
            it -> it.api
                .operator()
                .put(
                    it.signer.path(),
                    it.signer.jwk().replace("{", "{\"expires\":\"2099-01-01T00:00:00Z\","))));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void aChangeKeepsAnUnknownAttribute(Change change) {
    ItemKey key = change.item().apply(this);
    items.set(key, UNKNOWN, VALUE);
    Map<String, AttributeValue> before = items.get(key);
    done(change.call().apply(this));
    assertThat(items.get(key)).isNotEqualTo(before).containsEntry(UNKNOWN, VALUE);
  }

  /** Counters and lists of attempts, which exist only after a first call. */
  static Stream<Named<Change>> repeatedCalls() {
    return Stream.of(
        Change.of(
            "wrong codes",
            it -> StoredItems.attempts("attempts#" + it.bobId),
            LaterReleaseHttpTest::wrongCode),
        Change.of(
            "wrong codes for a device",
            it -> StoredItems.attempts("attempts-for#%s#%s".formatted(it.two, it.bobId)),
            LaterReleaseHttpTest::wrongCode),
        Change.of(
            "uploads",
            it -> StoredItems.uploads(it.one, UtcDay.of(Instant.now()) + "#device"),
            it -> it.upload(unique("log"))),
        Change.of(
            "claims",
            it -> StoredItems.history(
                "#user#" + it.bobId, UtcDay.of(Instant.now()).toString()),
            it -> it.bob.put(it.owner(unique("device")))));
  }

  @ParameterizedTest
  @MethodSource("repeatedCalls")
  void aCountKeepsAnUnknownAttribute(Change repeated) {
    done(api.operator()
        .put("/v1/devices/%s/claimcode".formatted(two), "{'claimcode': '%s'}".formatted(CODE)));
    int first = repeated.call().apply(this).status();
    ItemKey key = repeated.item().apply(this);
    items.set(key, UNKNOWN, VALUE);
    Map<String, AttributeValue> before = items.get(key);
    assertThat(repeated.call().apply(this).status()).isEqualTo(first);
    assertThat(items.get(key)).isNotEqualTo(before).containsEntry(UNKNOWN, VALUE);
  }

  private List<String> listed(Caller caller, String path) {
    return done(caller.get(path))
        .json()
        .path("devices")
        .valueStream()
        .map(it -> it.path("deviceid").asText())
        .toList();
  }

  private void makeLater(ItemKey key) {
    items.set(key, "format", AttributeValue.fromN("2"));
  }

  @Test
  void aRecordOfALaterFormatIsToUsersLikeOneThatSomeoneElseOwns() {
    makeLater(StoredItems.device(one));
    assertThat(alice.get("/v1/devices/" + one).status()).isEqualTo(404);
    assertThat(listed(alice, "/v1/user/devices/owner")).isEmpty();
    Answer claim = alice.put(owner(one));
    assertThat(claim.problem()).isEqualTo("already-owned");
    assertThat(claim.json().path("yours").asBoolean()).isFalse();
    Answer registered = done(bob.put("/v1/user/devices/" + one, "{'devicename': 'Bath'}"));
    assertThat(registered.json().path("devicename").asText()).isEqualTo("Bath");
    assertThat(
            ZippedLogs.upload(bob, "/v1/devices/%s/logs/crash".formatted(one), ZippedLogs.zip("x"))
                .status())
        .isEqualTo(404);
  }

  @Test
  void aRecordOfALaterFormatIsNotChanged() {
    makeLater(StoredItems.device(one));
    Map<String, AttributeValue> before = items.get(StoredItems.device(one));
    Caller device = api.device(one);
    assertThat(device.get("/v1/devices/" + one).status()).isEqualTo(404);
    assertThat(device.put("/v1/devices/" + one, "{'volume': 3}").status()).isEqualTo(503);
    assertThat(items.get(StoredItems.device(one))).isEqualTo(before);
  }

  @Test
  void aRegistrationOfALaterFormatIsLeftOut() {
    makeLater(StoredItems.registration(aliceId, two));
    assertThat(listed(alice, "/v1/user/devices")).containsExactly(one);
    assertThat(alice.get("/v1/devices/" + two).status()).isEqualTo(404);
    assertThat(alice.put("/v1/user/devices/" + two, "{'devicename': 'Bath'}").status())
        .isEqualTo(503);
  }

  @Test
  void aListLeavesOutAnItemThatCannotBeRead() {
    done(alice.put("/v1/user/devices/" + one + "-0", "{'devicename': 'Bath'}"));
    items.set(StoredItems.registration(aliceId, two), "details", AttributeValue.fromS("?"));
    items.set(StoredItems.device(one + "-0"), "details", AttributeValue.fromN("1"));
    assertThat(listed(alice, "/v1/user/devices")).containsExactly(one);
    items.set(StoredItems.device(one), "owner", AttributeValue.fromN("1"));
    assertThat(listed(alice, "/v1/user/devices/owner")).isEmpty();
    assertThat(bob.get("/v1/devices/" + two).status()).isEqualTo(404);
  }

  @Test
  void aKeyOfALaterFormatIsNoKey() {
    makeLater(StoredItems.key(one, "k1"));
    Caller device = api.token(signer.token(Instant.now()));
    assertThat(device.get("/v1/devices/" + one).status()).isEqualTo(403);
    assertThat(done(api.operator().get("/v1/devices/%s/keys".formatted(one)))
            .json()
            .path("keys"))
        .isEmpty();
    assertThat(api.operator().put(signer.path(), signer.jwk()).status()).isEqualTo(503);
  }

  @Test
  void aKeyThatCannotBeReadLeavesTheOthersWorking() {
    DeviceSigner second = new DeviceSigner(one, "k2");
    done(api.operator().put(second.path(), second.jwk()));
    items.set(StoredItems.key(one, "k1"), "jwk", AttributeValue.fromS("?"));
    assertThat(api.token(signer.token(Instant.now())).get("/v1/devices/" + one).status())
        .isEqualTo(403);
    Answer keys = api.token(second.token(Instant.now())).get("/v1/devices/%s/keys".formatted(one));
    assertThat(done(keys).json().path("keys").findValuesAsText("kid")).containsExactly("k2");
  }

  @Test
  void attributesMayBeMissing() {
    for (String attribute : Set.of("authors", "words", "severalauthors", "writeids", "claimid")) {
      items.remove(StoredItems.device(one), attribute);
    }
    items.remove(StoredItems.registration(aliceId, one), "writeids");
    assertThat(done(alice.get("/v1/devices/" + one)).json().path("devicename").asText())
        .isEqualTo("Kitchen");
    done(alice.put("/v1/user/devices/" + one, "{'devicename': 'Bath'}"));
    done(alice.delete(owner(one)));
  }

  @Test
  void aRecordWithoutVersionAndTimeCanBeChanged() {
    for (String attribute : Set.of("version", "updated", "created")) {
      items.remove(StoredItems.device(one), attribute);
    }
    done(api.device(one).put("/v1/devices/" + one, "{'serial': 'S1'}"));
    assertThat(items.get(StoredItems.device(one))).containsKeys("version", "updated");
  }

  @Test
  void aHistoryShowsTheWordsOfALaterReleaseAndLeavesOutWhatItCannotRead() {
    String position = "%015d-0000000001-request-claimed".formatted(Instant.now().toEpochMilli());
    items.copyHistory(
        one, "claimed", position + "-1", Map.of("what", text("pinned"), "by", text("support")));
    items.copyHistory(one, "claimed", position + "-2", Map.of("time", text("?")));
    items.copyHistory(one, "claimed", position + "-3", Map.of("format", AttributeValue.fromN("2")));
    // The contract of this release does not know the words, so the answer would not fit it.
    assertThat(DynamoDbHistoryStore.from(aws)
            .of(one, Optional.empty(), 10, Instant.now())
            .items())
        .extracting(entry -> entry.event().what() + " by " + entry.event().by().kind())
        .containsExactlyInAnyOrder("key-added by operator", "claimed by user", "pinned by support");
  }

  private static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  @Test
  void aCountThatIsTooSmallDoesNotFall() {
    ItemKey count = StoredItems.registration(aliceId, "#");
    items.set(count, "count", AttributeValue.fromN("0"));
    done(alice.delete(owner(one)));
    assertThat(items.get(count)).containsEntry("count", AttributeValue.fromN("0"));
    items.delete(count);
    done(alice.delete("/v1/user/devices/" + two));
    assertThat(items.get(count)).isEmpty();
    assertThat(listed(alice, "/v1/user/devices")).isEmpty();
  }
}
