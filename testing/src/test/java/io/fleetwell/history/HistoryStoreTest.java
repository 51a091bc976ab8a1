package io.fleetwell.history;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.history.HistoryEvent.What;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultyWire;
import io.fleetwell.testing.faults.StaleSystem;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the contract of {@link HistoryStore} with DynamoDB. */
@ExtendWith(StaleSystem.class)
class HistoryStoreTest {
  /** In the future, so that DynamoDB deletes no expired item. */
  private static final Instant NOON = Instant.parse("2036-11-23T12:00:00Z");

  private static final Instant MIDNIGHT = Instant.parse("2036-11-24T00:00:00Z");

  private final Aws aws;
  private final HistoryStore store;
  private final Map<String, String> environment;
  private final String device = unique("device");

  HistoryStoreTest(LocalSystem system, Aws aws) {
    this.aws = aws;
    this.store = DynamoDbHistoryStore.from(aws);
    this.environment = system.environment();
  }

  private HistoryEvent refusal(String user, Instant time, String reason) {
    Actor actor = new Actor(new Principal(Kind.USER, user, MIDNIGHT), unique("request"));
    return HistoryEvent.of(device, What.CLAIM_REFUSED, time, 1, actor)
        .with(HistoryEvent.REASON, reason);
  }

  private List<HistoryEntry> entries() {
    return store
        .of(device, Optional.empty(), 100, MIDNIGHT.plus(Duration.ofDays(1)))
        .items();
  }

  @Test
  void refusalsOfAUserOnADayAreOneEntryWithTheTimeOfTheFirstAndTheReasonOfTheLatest() {
    HistoryEvent first = refusal("bob", NOON, "claim-code");
    HistoryEvent latest = refusal("bob", MIDNIGHT.minusMillis(1), "too-many-attempts");
    store.addRefusal(first);
    store.addRefusal(refusal("bob", NOON.plusSeconds(1), "claim-code"));
    store.addRefusal(latest);
    HistoryEntry entry = entries().get(0);
    assertThat(entries()).hasSize(1);
    assertThat(entry.position()).isEqualTo(first.position());
    assertThat(entry.count()).isEqualTo(3);
    assertThat(entry.event().time()).isEqualTo(first.time());
    assertThat(entry.last()).isEqualTo(latest.time());
    assertThat(entry.event().about()).isEqualTo(latest.about());
    assertThat(entry.event().requestId()).isEqualTo(latest.requestId());
  }

  @Test
  void aHundredAndFiftyRefusalsAreOneEntry() {
    for (int i = 0; i < 150; i++) {
      store.addRefusal(refusal("bob", NOON.plusSeconds(i), "already-owned"));
    }
    assertThat(entries()).extracting(HistoryEntry::count).containsExactly(150L);
  }

  @Test
  void usersAndDaysHaveTheirOwnEntriesInTheOrderOfTheirFirstRefusals() {
    store.addRefusal(refusal("bob", NOON, "claim-code"));
    store.addRefusal(refusal("carol", NOON.plusSeconds(1), "claim-code"));
    store.addRefusal(refusal("bob", NOON.plusSeconds(2), "claim-code"));
    store.addRefusal(refusal("bob", MIDNIGHT, "claim-code"));
    assertThat(entries())
        .extracting(entry -> entry.event().by().id() + " " + entry.count())
        .containsExactly("bob 1", "carol 1", "bob 2");
  }

  @Test
  void idsThatLookAlikeHaveTheirOwnEntries() {
    store.addRefusal(refusal("bob", NOON, "claim-code"));
    store.addRefusal(refusal("bob#x", NOON, "claim-code"));
    store.addRefusal(refusal("", NOON, "claim-code"));
    assertThat(entries()).extracting(HistoryEntry::count).containsExactly(1L, 1L, 1L);
  }

  @Test
  void concurrentRefusalsAreAllCounted() throws Exception {
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      HistoryEvent refusal = refusal("bob", NOON, "claim-code");
      calls.add(() -> {
        store.addRefusal(refusal);
        return true;
      });
    }
    AtOnce.call(calls);
    assertThat(entries()).extracting(HistoryEntry::count).containsExactly(30L);
  }

  static Stream<Fault> transientFaults() {
    return Stream.of(Fault.values()).filter(Fault::isTransient);
  }

  @ParameterizedTest
  @MethodSource("transientFaults")
  void aRefusalCountsOnceAfterAnyTransientFault(Fault fault) throws Exception {
    store.addRefusal(refusal("bob", NOON, "claim-code"));
    try (FaultyWire wire = new FaultyWire(
            URI.create(Objects.requireNonNull(environment.get(Aws.DYNAMODB_ENDPOINT))));
        Aws faulty = RunningSystem.withDynamoDb(environment, wire.endpoint())) {
      HistoryStore over = DynamoDbHistoryStore.from(faulty);
      wire.inject(Faults.first(1, "PutItem", fault));
      over.addRefusal(refusal("carol", NOON.plusSeconds(1), "claim-code"));
      wire.inject(Faults.first(1, "UpdateItem", fault));
      over.addRefusal(refusal("bob", NOON.plusSeconds(2), "claim-code"));
      wire.awaitLateRequests();
    }
    assertThat(entries())
        .extracting(entry -> entry.event().by().id() + " " + entry.count())
        .containsExactly("carol 1", "bob 2");
  }

  /** As the first version wrote it: without count and last. */
  @Test
  void anEarlierRefusalCountsOnce() {
    HistoryEvent refusal = refusal("bob", NOON, "already-owned");
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("deviceid", AttributeValue.fromS(device));
    item.put("position", AttributeValue.fromS(refusal.position().text()));
    item.put("what", AttributeValue.fromS("claim-refused"));
    item.put("time", AttributeValue.fromN(String.valueOf(NOON.toEpochMilli())));
    item.put("version", AttributeValue.fromN("1"));
    item.put("by", AttributeValue.fromS("user"));
    item.put("byid", AttributeValue.fromS("bob"));
    item.put("proof", AttributeValue.fromS("issuer-token"));
    item.put("requestid", AttributeValue.fromS(refusal.requestId()));
    item.put(
        "about", AttributeValue.fromM(Map.of("reason", AttributeValue.fromS("already-owned"))));
    item.put("expires", AttributeValue.fromN("2145916800"));
    aws.dynamoDb()
        .putItem(put -> put.tableName(environment.get("HISTORY_TABLE")).item(item));
    assertThat(entries()).containsExactly(new HistoryEntry(refusal.position(), refusal, 1, NOON));
  }

  @Test
  void everyItemExpires() {
    store.addRefusal(refusal("bob", NOON, "claim-code"));
    store.addRefusal(refusal("bob", NOON.plusSeconds(1), "claim-code"));
    Duration kept =
        Duration.ofDays(Long.parseLong(Objects.requireNonNull(environment.get("HISTORY_DAYS"))));
    assertThat(expiriesOfThisTest())
        .containsExactlyInAnyOrder(MIDNIGHT.getEpochSecond(), NOON.plus(kept).getEpochSecond());
  }

  private List<Long> expiriesOfThisTest() {
    return aws
        .dynamoDb()
        .scanPaginator(
            scan -> scan.tableName(environment.get("HISTORY_TABLE")).consistentRead(true))
        .items()
        .stream()
        .filter(item -> Objects.requireNonNull(item.get("deviceid")).s().startsWith(device))
        .map(item -> Long.parseLong(Objects.requireNonNull(item.get("expires")).n()))
        .toList();
  }
}
