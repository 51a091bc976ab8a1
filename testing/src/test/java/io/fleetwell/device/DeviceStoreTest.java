package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.ClaimOutcome.Claimed;
import io.fleetwell.device.ClaimOutcome.Refused;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.history.HistoryEntry;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.revision.IfMatch;
import io.fleetwell.revision.Preconditions;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.faults.Call;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultySystem;
import io.fleetwell.testing.faults.FaultyWire;
import io.fleetwell.testing.faults.StaleSystem;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the contract of {@link DeviceStore} with DynamoDB. */
@ExtendWith(StaleSystem.class)
class DeviceStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-23T21:42:00Z");

  private static final Actor ACTOR =
      new Actor(new Principal(Principal.Kind.USER, "alice", NOW), "request");

  private final FaultySystem stale;
  private final LocalSystem system;
  private final DeviceStore store;
  private final String id = unique("device");
  private final Optional<String> alice = Optional.of(unique("alice"));

  DeviceStoreTest(FaultySystem stale, LocalSystem system, Aws aws) {
    this.stale = stale;
    this.system = system;
    this.store = DynamoDbDeviceStore.from(aws);
  }

  /** As the template has it by default. */
  private static final DevicePolicy POLICY = new DevicePolicy(false, false);

  private static ClaimRequest claim(String claimId) {
    return new ClaimRequest(claimId, Optional.empty(), IfMatch.NONE, ACTOR);
  }

  private static ObjectNode details(String text) {
    return (ObjectNode) json(text);
  }

  private static DeviceChange described(DeviceSnapshot before, String text) {
    return DetailsRule.tell(before, details(text), Device.Source.DEVICE, Preconditions.NONE, NOW);
  }

  @Test
  void anUnknownDeviceIsEmpty() {
    assertThat(store.read(id, Optional.empty()))
        .isEqualTo(
            new DeviceSnapshot(id, Optional.empty(), Optional.empty(), Optional.empty(), POLICY));
    assertThat(store.read(id, alice))
        .isEqualTo(new DeviceSnapshot(id, alice, Optional.empty(), Optional.empty(), POLICY));
  }

  @Test
  void aWrittenDeviceIsReadUnchanged() {
    ObjectNode sent = details("{'serial':'S','n':[1, 1.50, 0.5, null, true, {'k':''}]}");
    store.change(id, alice, before -> DetailsRule.register(before, sent, Preconditions.NONE, NOW));
    DeviceChange change = store.claim(
        id,
        alice.orElseThrow(),
        before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
    assertThat(store.read(id, alice)).isEqualTo(change.after());
  }

  @Test
  void aChangeThatThrowsChangesNothing() {
    store.change(id, Optional.empty(), before -> described(before, "{'volume':1}"));
    DeviceSnapshot written = store.read(id, Optional.empty());
    assertThatThrownBy(() -> store.change(id, Optional.empty(), before -> {
          throw Failure.notFound("no");
        }))
        .isInstanceOf(Failure.class);
    assertThat(store.read(id, Optional.empty())).isEqualTo(written);
  }

  @Test
  void aChangeIsRetriedAfterAConcurrentWrite() {
    AtomicInteger asked = new AtomicInteger();
    DeviceChange change = store.change(id, Optional.empty(), before -> {
      if (asked.getAndIncrement() == 0) {
        store.change(id, Optional.empty(), other -> described(other, "{'theirs':1}"));
      }
      return described(before, "{'ours':1}");
    });
    assertThat(asked).hasValue(2);
    assertThat(change.after().device().orElseThrow().details().shown())
        .isEqualTo(details("{'theirs':1,'ours':1}"));
  }

  /** A new record starts with the version that the deleted one had. */
  @Test
  void aChangeIsRetriedAfterTheRecordWasDeletedAndMadeAgain() {
    Optional<String> bob = Optional.of(unique("bob"));
    store.change(id, alice, before -> registered(before, "{'note':'Alice'}"));
    AtomicInteger asked = new AtomicInteger();
    store.change(id, Optional.empty(), before -> {
      if (asked.getAndIncrement() == 0) {
        store.change(id, alice, other -> DetailsRule.unregister(other, NOW));
        store.change(id, bob, other -> registered(other, "{'note':'Bob'}"));
      }
      return described(before, "{'serial':'S'}");
    });
    assertThat(asked).hasValue(2);
    assertThat(store.read(id, Optional.empty()).device().orElseThrow().details().shown())
        .isEqualTo(details("{'serial':'S','note':'Bob'}"));
  }

  private DeviceChange registered(DeviceSnapshot before, String text) {
    return DetailsRule.register(before, details(text), Preconditions.NONE, Instant.now());
  }

  @Test
  void aClaimIsRetriedAfterAConcurrentWrite() {
    AtomicInteger asked = new AtomicInteger();
    ClaimOutcome outcome = store.claim(id, alice.orElseThrow(), before -> {
      if (asked.getAndIncrement() == 0) {
        store.claim(
            id, id + "-bob", other -> OwnershipRule.claim(other, claim("claim-of-bob"), true, NOW));
      }
      return OwnershipRule.claim(before, claim("claim-of-alice"), true, NOW);
    });
    assertThat(outcome).isInstanceOf(Refused.class);
    assertThat(((Refused) outcome).reason()).isEqualTo(DeviceFailures.ALREADY_OWNED);
    assertThat(store.ownedBy(alice.orElseThrow(), Optional.empty(), 10).items()).isEmpty();
    assertThat(store.read(id, alice).registration()).isEmpty();
  }

  @Test
  void aPutWithALostResponseIsNotAppliedTwice() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (FaultyWire wire = wire("PutItem");
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DeviceChange change = DynamoDbDeviceStore.from(aws).change(id, Optional.empty(), before -> {
        asked.incrementAndGet();
        return described(before, "{'volume':1}");
      });
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
      assertThat(asked).hasValue(1);
      assertThat(change.after().device().orElseThrow().version()).isEqualTo(1);
    }
    assertThat(store.read(id, Optional.empty()).device().orElseThrow().version())
        .isEqualTo(1);
  }

  @Test
  void aPutWithALostResponseKeepsLaterWrites() throws Exception {
    Runnable other =
        () -> store.change(id, Optional.empty(), before -> described(before, "{'volume':2}"));
    try (FaultyWire wire = new FaultyWire(
            URI.create(system.environment().get(Aws.DYNAMODB_ENDPOINT)),
            Faults.first(1, "PutItem", Fault.LOST_ANSWER),
            other);
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DynamoDbDeviceStore.from(aws)
          .change(id, Optional.empty(), before -> described(before, "{'volume':1}"));
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
    }
    assertThat(store.read(id, Optional.empty()).device().orElseThrow().details().shown())
        .isEqualTo(details("{'volume':2}"));
  }

  @Test
  void aClaimWithALostResponseSucceeds() throws Exception {
    try (FaultyWire wire = wire("TransactWriteItems");
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DeviceChange change = DynamoDbDeviceStore.from(aws)
          .claim(
              id,
              alice.orElseThrow(),
              before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
      assertThat(change.after().isOwned()).isTrue();
    }
    assertThat(store.read(id, alice).device().orElseThrow().version()).isEqualTo(1);
  }

  @Test
  void aReleaseWithALostResponseSucceeds() throws Exception {
    store.claim(
        id,
        alice.orElseThrow(),
        before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
    try (FaultyWire wire = wire("TransactWriteItems");
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DynamoDbDeviceStore.from(aws)
          .change(id, alice, before -> OwnershipRule.release(before, IfMatch.NONE, ACTOR, NOW));
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
    }
    assertThat(store.read(id, alice).isOwned()).isFalse();
  }

  @Test
  void anUnreachableStoreIsNotTakenForNotFound() {
    try (Aws aws =
        RunningSystem.withDynamoDb(system.environment(), URI.create("http://127.0.0.1:1"))) {
      Failure failure = catchThrowableOfType(
          Failure.class, () -> DynamoDbDeviceStore.from(aws).read(id, alice));
      assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }
  }

  @Test
  void aReleaseDeletesTheRegistration() {
    store.change(
        id, alice, before -> DetailsRule.register(before, details("{}"), Preconditions.NONE, NOW));
    store.claim(
        id,
        alice.orElseThrow(),
        before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
    store.change(id, alice, before -> OwnershipRule.release(before, IfMatch.NONE, ACTOR, NOW));
    assertThat(store.registeredBy(alice.orElseThrow(), Optional.empty(), 10).items())
        .isEmpty();
  }

  private List<HistoryEvent> history() {
    try (Aws aws = new Aws(system.environment(), Clock.systemUTC())) {
      return DynamoDbHistoryStore.from(aws).of(id, Optional.empty(), 100, NOW).items().stream()
          .map(HistoryEntry::event)
          .toList();
    }
  }

  @Test
  void takingADeviceBackDeletesTheRegistrationOfItsOwner() {
    store.change(
        id, alice, before -> DetailsRule.register(before, details("{}"), Preconditions.NONE, NOW));
    store.claim(
        id,
        alice.orElseThrow(),
        before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
    DeviceChange change = store.changeWithOwner(
        id, before -> OwnershipRule.takeBack(before, IfMatch.NONE, ACTOR, NOW));
    assertThat(change.before().userId()).isEqualTo(alice);
    assertThat(store.read(id, alice).registration()).isEmpty();
    assertThat(store.read(id, alice).hasOwner()).isFalse();
    assertThat(store.ownedBy(alice.orElseThrow(), Optional.empty(), 10).items()).isEmpty();
    assertThat(store.registeredBy(alice.orElseThrow(), Optional.empty(), 10).items())
        .isEmpty();
  }

  @Test
  void changeWithOwnerSeesNoRegistrationWithoutAnOwner() {
    store.change(
        id, alice, before -> DetailsRule.register(before, details("{}"), Preconditions.NONE, NOW));
    AtomicInteger asked = new AtomicInteger();
    DeviceChange change = store.changeWithOwner(id, before -> {
      asked.incrementAndGet();
      assertThat(before.userId()).isEmpty();
      assertThat(before.registration()).isEmpty();
      return DeviceChange.of(before, before);
    });
    assertThat(asked).hasValue(1);
    assertThat(change.after().hasOwner()).isFalse();
  }

  @Test
  void takingADeviceBackIsRetriedWhenItsOwnerChanges() {
    store.change(id, Optional.empty(), before -> described(before, "{}"));
    Optional<String> bob = Optional.of(unique("bob"));
    store.claim(
        id,
        alice.orElseThrow(),
        before -> OwnershipRule.claim(before, claim("claim-of-alice"), true, NOW));
    List<Optional<String>> met = new ArrayList<>();
    store.changeWithOwner(id, before -> {
      met.add(before.userId());
      if (met.size() == 1) {
        store.change(id, alice, other -> OwnershipRule.release(other, IfMatch.NONE, ACTOR, NOW));
        store.claim(
            id,
            bob.orElseThrow(),
            other -> OwnershipRule.claim(other, claim("claim-of-bob"), true, NOW));
      }
      return OwnershipRule.takeBack(before, IfMatch.NONE, ACTOR, NOW);
    });
    assertThat(met).containsExactly(alice, bob);
    assertThat(store.read(id, bob).hasOwner()).isFalse();
    assertThat(store.ownedBy(bob.orElseThrow(), Optional.empty(), 10).items()).isEmpty();
    assertThat(history())
        .extracting(event -> event.about().get(HistoryEvent.OWNER))
        .containsExactly(
            bob.orElseThrow(), bob.orElseThrow(), alice.orElseThrow(), alice.orElseThrow());
  }

  @Test
  void takingADeviceBackIsRetriedWhenItsOwnerChangesWhileItIsRead() throws Exception {
    Optional<String> bob = Optional.of(unique("bob"));
    claimAs(alice);
    AtomicBoolean changed = new AtomicBoolean();
    Faults anotherOwnerBetweenTheReads = call -> {
      if (call.operation().equals("BatchGetItem") && !changed.getAndSet(true)) {
        store.change(id, alice, before -> OwnershipRule.release(before, IfMatch.NONE, ACTOR, NOW));
        claimAs(bob);
      }
      return Fault.NONE;
    };
    URI target = URI.create(system.environment().get(Aws.DYNAMODB_ENDPOINT));
    try (FaultyWire wire = new FaultyWire(target, anotherOwnerBetweenTheReads);
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DynamoDbDeviceStore.from(aws)
          .changeWithOwner(id, before -> OwnershipRule.takeBack(before, IfMatch.NONE, ACTOR, NOW));
    }
    assertThat(store.read(id, bob).hasOwner()).isFalse();
    assertThat(store.read(id, bob).registration()).isEmpty();
  }

  private void claimAs(Optional<String> user) {
    store.claim(
        id,
        user.orElseThrow(),
        before -> OwnershipRule.claim(before, claim(unique("claim")), true, NOW));
  }

  @Test
  void takingADeviceBackFailsAfterAConcurrentRelease() {
    store.claim(
        id,
        alice.orElseThrow(),
        before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
    AtomicInteger asked = new AtomicInteger();
    Failure failure = catchThrowableOfType(
        Failure.class,
        () -> store.changeWithOwner(id, before -> {
          if (asked.getAndIncrement() == 0) {
            store.change(
                id, alice, other -> OwnershipRule.release(other, IfMatch.NONE, ACTOR, NOW));
          }
          return OwnershipRule.takeBack(before, IfMatch.NONE, ACTOR, NOW);
        }));
    assertThat(failure.kind()).isEqualTo(FailureKind.NOT_FOUND);
    assertThat(history()).extracting(HistoryEvent::what).containsExactly("released", "claimed");
  }

  /** The SDK alone makes three attempts. */
  @Test
  void aTransactionWaitsForItsEarlierAttempt() throws Exception {
    Faults inProgress = Faults.first(5, "TransactWriteItems", Fault.IN_PROGRESS);
    URI target = URI.create(system.environment().get(Aws.DYNAMODB_ENDPOINT));
    try (FaultyWire wire = new FaultyWire(target, inProgress);
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DynamoDbDeviceStore.from(aws)
          .claim(
              id,
              alice.orElseThrow(),
              before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
      assertThat(wire.injected(Fault.IN_PROGRESS)).isEqualTo(5);
    }
    assertThat(history()).extracting(HistoryEvent::what).containsExactly("claimed");
  }

  @Test
  void aClaimWithALostResponseIsRecordedOnce() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (FaultyWire wire = wire("TransactWriteItems");
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DynamoDbDeviceStore.from(aws).claim(id, alice.orElseThrow(), before -> {
        asked.incrementAndGet();
        return OwnershipRule.claim(before, claim("claim-1"), true, NOW);
      });
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
    }
    assertThat(asked).hasValue(1);
    assertThat(history()).extracting(HistoryEvent::what).containsExactly("claimed");
  }

  @Test
  void takingADeviceBackWithALostResponseIsRecordedOnce() throws Exception {
    store.change(id, Optional.empty(), before -> described(before, "{}"));
    store.claim(
        id,
        alice.orElseThrow(),
        before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
    AtomicInteger asked = new AtomicInteger();
    try (FaultyWire wire = wire("TransactWriteItems");
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DynamoDbDeviceStore.from(aws).changeWithOwner(id, before -> {
        asked.incrementAndGet();
        return OwnershipRule.takeBack(before, IfMatch.NONE, ACTOR, NOW);
      });
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
    }
    assertThat(asked).hasValue(1);
    assertThat(store.read(id, alice).device().orElseThrow().version()).isEqualTo(3);
    assertThat(history()).extracting(HistoryEvent::what).containsExactly("released", "claimed");
  }

  @Test
  void aRefusedClaimWithALostResponseIsRecordedOnce() throws Exception {
    store.claim(
        id, id + "-bob", before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
    try (FaultyWire wire = wire("TransactWriteItems");
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DeviceChange change = DynamoDbDeviceStore.from(aws)
          .claim(
              id,
              alice.orElseThrow(),
              before -> OwnershipRule.claim(before, claim("claim-2"), true, NOW));
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
      assertThat(change.after().device()).isEqualTo(change.before().device());
    }
    assertThat(history())
        .extracting(HistoryEvent::what)
        .containsExactly("claim-refused", "claimed");
  }

  @Test
  void aClaimWithALostResponseCountsOnce() throws Exception {
    try (FaultyWire wire = wire("nothing");
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DeviceStore over = DynamoDbDeviceStore.from(aws);
      for (int i = 0; i < ClaimAttempts.MAX_CLAIMS_A_DAY; i++) {
        ClaimRequest claim = claim("claim-" + i);
        wire.inject(Faults.first(1, "TransactWriteItems", Fault.LOST_ANSWER));
        assertThat(over.claim(
                id, alice.orElseThrow(), before -> OwnershipRule.claim(before, claim, true, NOW)))
            .isInstanceOf(Claimed.class);
        store.change(id, alice, before -> OwnershipRule.release(before, IfMatch.NONE, ACTOR, NOW));
      }
    }
    DeviceSnapshot before = store.read(id, alice);
    ClaimOutcome outcome = store.claim(
        id, alice.orElseThrow(), it -> OwnershipRule.claim(it, claim("one-too-many"), true, NOW));
    assertThat(outcome).isInstanceOf(Refused.class);
    assertThat(((Refused) outcome).reason()).isEqualTo(DeviceFailures.TOO_MANY_ATTEMPTS);
    assertThat(store.read(id, alice)).isEqualTo(before);
  }

  @Test
  void settingTheSameCodeChangesAndRecordsNothing() {
    ClaimCodeChanges codes = new ClaimCodeChanges(store, Clock.fixed(NOW, ZoneOffset.UTC));
    codes.set(id, "7H3K-9QZM-2XW4-TD6P", ACTOR);
    DeviceSnapshot set = store.read(id, Optional.empty());
    codes.set(id, "7h3k 9qzm 2xw4 td6p", ACTOR);
    assertThat(store.read(id, Optional.empty())).isEqualTo(set);
    assertThat(history()).extracting(HistoryEvent::what).containsExactly("claim-code-set");
  }

  @Test
  void removingAnAbsentCodeRecordsNothing() {
    ClaimCodeChanges codes = new ClaimCodeChanges(store, Clock.fixed(NOW, ZoneOffset.UTC));
    codes.remove(id, ACTOR);
    assertThat(store.read(id, Optional.empty()).device()).isEmpty();
    assertThat(history()).isEmpty();
  }

  @Test
  void theListOfOwnedDevicesHasOwnedDevicesOnly() {
    store.change(
        id, alice, before -> DetailsRule.register(before, details("{}"), Preconditions.NONE, NOW));
    store.claim(
        id + "-2",
        alice.orElseThrow(),
        before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
    assertThat(store.ownedBy(alice.orElseThrow(), Optional.empty(), 10).items())
        .extracting(DeviceSnapshot::deviceId)
        .containsExactly(id + "-2");
    assertThat(store.registeredBy(alice.orElseThrow(), Optional.empty(), 10).items())
        .extracting(DeviceSnapshot::deviceId)
        .containsExactly(id, id + "-2");
  }

  @Test
  void aDeviceThatIsReleasedWhileTheListIsReadIsNotInIt() throws Exception {
    store.claim(
        id,
        alice.orElseThrow(),
        before -> OwnershipRule.claim(before, claim("claim-1"), true, NOW));
    Faults releaseBetweenTheReads = call -> {
      if (call.operation().equals("BatchGetItem")) {
        store.change(id, alice, before -> OwnershipRule.release(before, IfMatch.NONE, ACTOR, NOW));
      }
      return Fault.NONE;
    };
    URI target = URI.create(system.environment().get(Aws.DYNAMODB_ENDPOINT));
    try (FaultyWire wire = new FaultyWire(target, releaseBetweenTheReads);
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      assertThat(DynamoDbDeviceStore.from(aws)
              .ownedBy(alice.orElseThrow(), Optional.empty(), 10)
              .items())
          .isEmpty();
    }
  }

  @Test
  void allDevicesWithASerialAreFoundBeyondOneRead() {
    String serial = unique("serial");
    for (int i = 0; i < 120; i++) {
      store.change(
          id + "-" + i,
          Optional.empty(),
          before -> described(before, "{'serial':'%s'}".formatted(serial)));
    }
    stale.indexesCatchUp();
    List<DeviceSnapshot> found =
        store.withSerial(serial, Optional.empty(), snapshot -> true, 1_000);
    assertThat(found).hasSize(120);
  }

  /** Details that an earlier release stored as they were written are indexed in their form with the next change. */
  @Test
  void aDeviceIsFoundByItsSerialInAnyForm() {
    String serial = unique("serial");
    String written = serial + "e\u0301\n";
    store.change(
        id,
        Optional.empty(),
        before -> described(before, "{'serial':'%s'}".formatted(written.replace("\n", "\\n"))));
    store.change(
        id + "-2",
        Optional.empty(),
        before -> described(before, "{'serial':'%s\u00e9'}".formatted(serial)));
    stale.indexesCatchUp();
    assertThat(store.withSerial(written, Optional.empty(), snapshot -> true, 100))
        .extracting(DeviceSnapshot::deviceId)
        .containsExactlyInAnyOrder(id, id + "-2");
    assertThat(store.withSerial(serial + "\u00e9", Optional.empty(), snapshot -> true, 100))
        .extracting(DeviceSnapshot::deviceId)
        .containsExactlyInAnyOrder(id, id + "-2");
  }

  /** The index still has the former serial number. */
  @Test
  void aDeviceThatChangedItsSerialIsNotFoundByTheFormerOne() {
    String former = unique("serial");
    String serial = unique("serial");
    for (String told : List.of(former, serial)) {
      store.change(
          id, Optional.empty(), before -> described(before, "{'serial':'%s'}".formatted(told)));
    }
    assertThat(store.withSerial(former, Optional.empty(), snapshot -> true, 100))
        .isEmpty();
    stale.indexesCatchUp();
    assertThat(store.withSerial(serial, Optional.empty(), snapshot -> true, 100))
        .hasSize(1);
  }

  @Test
  void aUsersSearchReadsNoLargeRecordInVain() throws Exception {
    String serial = unique("serial");
    for (int i = 0; i < 3; i++) {
      String details = "{'serial': '%s-%d', 'a': '%s'}".formatted(serial, i, "x".repeat(60_000));
      store.change(
          id + "-" + i,
          alice,
          before -> DetailsRule.register(before, details(details), Preconditions.NONE, NOW));
    }
    try (FaultyWire wire = wire("nothing");
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      assertThat(DynamoDbDeviceStore.from(aws).withSerial(serial + "-1", alice, any -> true, 10))
          .extracting(DeviceSnapshot::deviceId)
          .containsExactly(id + "-1");
      assertThat(wire.takeCalls())
          .extracting(
              call -> call.operation() + " " + call.json().findValuesAsText("ProjectionExpression"))
          .containsExactly(
              "Query [deviceid]", "BatchGetItem [deviceid, serial]", "BatchGetItem []");
    }
  }

  @Test
  void aUserFindsADeviceOfAnEarlierReleaseByTheSerialInItsForm() {
    String serial = unique("serial");
    store.change(
        id,
        alice,
        before -> DetailsRule.register(
            before, details("{'serial':' %s'}".formatted(serial)), Preconditions.NONE, NOW));
    assertThat(store.withSerial(serial, alice, snapshot -> true, 100)).hasSize(1);
  }

  /** White space of three bytes each, in a key of at most 2,048 bytes. */
  @Test
  void aLongSerialOfWhiteSpaceIsNoKey() {
    String serial = unique("serial");
    store.change(
        id, Optional.empty(), before -> described(before, "{'serial':'%s'}".formatted(serial)));
    String padded = "\u3000".repeat(900) + serial;
    stale.indexesCatchUp();
    assertThat(store.withSerial(padded, Optional.empty(), snapshot -> true, 100))
        .hasSize(1);
  }

  @Test
  void strangersDevicesWithTheSameSerialNeedNoMoreReads() throws Exception {
    String serial = unique("serial");
    ObjectNode details = details("{'serial':'%s'}".formatted(serial));
    for (int i = 0; i < 120; i++) {
      Optional<String> stranger = Optional.of(unique("stranger"));
      store.change(
          id + "-" + i,
          stranger,
          before -> DetailsRule.register(before, details, Preconditions.NONE, NOW));
    }
    store.change(
        id, alice, before -> DetailsRule.register(before, details, Preconditions.NONE, NOW));
    try (FaultyWire wire = wire("nothing");
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      List<DeviceSnapshot> found = DynamoDbDeviceStore.from(aws)
          .withSerial(serial, alice, DeviceSnapshot::hasAuthority, 100);
      assertThat(found).extracting(DeviceSnapshot::deviceId).containsExactly(id);
      assertThat(wire.takeCalls())
          .extracting(Call::operation)
          .containsExactly("Query", "BatchGetItem", "BatchGetItem");
    }
  }

  @Test
  void aDeviceIsFoundBySerialBeyondTheFirstPageOfItsUser() {
    String serial = unique("serial");
    for (int i = 0; i < 130; i++) {
      ObjectNode details = details(i < 129 ? "{}" : "{'serial':'%s'}".formatted(serial));
      store.change(
          "%s-%03d".formatted(id, i),
          alice,
          before -> DetailsRule.register(before, details, Preconditions.NONE, NOW));
    }
    assertThat(store.withSerial(serial, alice, snapshot -> true, 100))
        .extracting(DeviceSnapshot::deviceId)
        .containsExactly(id + "-129");
  }

  private FaultyWire wire(String operation) throws Exception {
    return new FaultyWire(
        URI.create(system.environment().get(Aws.DYNAMODB_ENDPOINT)),
        Faults.first(1, operation, Fault.LOST_ANSWER));
  }

  @Test
  void anUnregistrationDeletesTheRegistrationAndKeepsTheRecordOfTheDevice() {
    store.change(id, Optional.empty(), before -> described(before, "{'volume':1}"));
    store.change(
        id,
        alice,
        before -> DetailsRule.register(before, details("{'name':'A'}"), Preconditions.NONE, NOW));
    store.change(id, alice, before -> DetailsRule.unregister(before, NOW));
    assertThat(store.read(id, alice).registration()).isEmpty();
    assertThat(store.read(id, alice).device().orElseThrow().details().shown())
        .isEqualTo(details("{'volume':1}"));
    assertThat(store.registeredBy(alice.orElseThrow(), Optional.empty(), 10).items())
        .isEmpty();
  }
}
