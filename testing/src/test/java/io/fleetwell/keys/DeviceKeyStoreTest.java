package io.fleetwell.keys;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.keys.DeviceKeyStore.Change;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultyWire;
import io.fleetwell.testing.faults.StaleSystem;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the contract of {@link DeviceKeyStore} with DynamoDB. */
@ExtendWith(StaleSystem.class)
class DeviceKeyStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-23T21:42:00Z");

  private static final Actor OPERATOR =
      new Actor(new Principal(Kind.OPERATOR, "olga", NOW), "request");

  /** The device, with a token that this key signed. */
  private static Actor signedBy(String keyId) {
    return new Actor(new Principal(Kind.DEVICE, "device", NOW, Optional.of(keyId)), "request");
  }

  private final LocalSystem system;
  private final DynamoDbDeviceKeyStore store;
  private final String id = unique("device");

  DeviceKeyStoreTest(LocalSystem system, Aws aws) {
    this.system = system;
    this.store = DynamoDbDeviceKeyStore.from(aws);
  }

  private static DeviceKey key(String keyId, Optional<Instant> expires) {
    OctetKeyPair jwk = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode("of " + keyId))
        .keyID(keyId)
        .build();
    return new DeviceKey(keyId, jwk, expires, NOW);
  }

  private static DeviceKey key(String keyId) {
    return key(keyId, Optional.empty());
  }

  private static UnaryOperator<KeyRing> adding(String keyId) {
    return before -> before.with(key(keyId), OPERATOR, NOW);
  }

  @Test
  void aDeviceWithoutKeysHasAnEmptyRing() {
    assertThat(store.read(id)).isEqualTo(KeyRing.empty(id));
    assertThat(store.find(id, "k1")).isEmpty();
  }

  @Test
  void writtenKeysAreRead() {
    DeviceKey expiring = key("k2", Optional.of(NOW.plusSeconds(60)));
    store.change(id, adding("k1"));
    Change change = store.change(id, before -> before.with(expiring, OPERATOR, NOW));
    assertThat(store.read(id))
        .usingRecursiveComparison()
        .ignoringFields("event")
        .isEqualTo(change.after());
    assertThat(store.read(id).keys()).containsExactly(key("k1"), expiring);
  }

  static Stream<JWK> kinds() throws JOSEException {
    return Stream.of(
        new ECKeyGenerator(Curve.P_256).keyID("k1").generate().toPublicJWK(),
        new RSAKeyGenerator(2_048).keyID("k1").generate().toPublicJWK(),
        key("k1").jwk());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void keysOfEveryKindAreReadUnchanged(JWK jwk) {
    DeviceKey key = new DeviceKey("k1", jwk, Optional.empty(), NOW);
    store.change(id, before -> before.with(key, OPERATOR, NOW));
    assertThat(store.read(id).keys()).containsExactly(key);
    assertThat(store.find(id, "k1")).contains(key);
  }

  @Test
  void aKeyIsFoundByDeviceAndId() {
    DeviceKey expiring = key("k1", Optional.of(NOW.plusSeconds(60)));
    store.change(id, before -> before.with(expiring, OPERATOR, NOW));
    assertThat(store.find(id, "k1")).contains(expiring);
    assertThat(store.find(id, "k2")).isEmpty();
    assertThat(store.find(id + "-2", "k1")).isEmpty();
  }

  @Test
  void aDeletedKeyIsGone() {
    store.change(id, adding("k1"));
    store.change(id, before -> before.without("k1", OPERATOR, NOW));
    assertThat(store.find(id, "k1")).isEmpty();
    assertThat(store.read(id).keys()).isEmpty();
    assertThat(store.read(id).version()).isEqualTo(2);
  }

  @Test
  void expiredKeysAreDeletedToMakeRoom() {
    Instant later = NOW.plusSeconds(60);
    for (String keyId : List.of("k1", "k2", "k3", "k4", "k5")) {
      store.change(id, before -> before.with(key(keyId, Optional.of(later)), OPERATOR, NOW));
    }
    store.change(id, before -> before.with(key("k6"), OPERATOR, later));
    assertThat(store.read(id).keys()).containsExactly(key("k6"));
    assertThat(store.find(id, "k1")).isEmpty();
  }

  @Test
  void aChangeThatChangesNothingWritesNothing() {
    store.change(id, adding("k1"));
    KeyRing written = store.read(id);
    store.change(id, adding("k1"));
    assertThat(store.read(id)).isEqualTo(written);
  }

  @Test
  void aChangeThatThrowsChangesNothing() {
    store.change(id, adding("k1"));
    KeyRing written = store.read(id);
    assertThatThrownBy(() -> store.change(id, before -> {
          throw Failure.notFound("no");
        }))
        .isInstanceOf(Failure.class);
    assertThat(store.read(id)).isEqualTo(written);
  }

  @Test
  void aChangeIsRetriedAfterAConcurrentWrite() {
    AtomicInteger asked = new AtomicInteger();
    store.change(id, before -> {
      if (asked.getAndIncrement() == 0) {
        store.change(id, adding("theirs"));
      }
      return before.with(key("ours"), OPERATOR, NOW);
    });
    assertThat(asked).hasValue(2);
    assertThat(store.read(id).keys()).containsExactly(key("ours"), key("theirs"));
  }

  @Test
  void aKeyThatIsRevokedMeanwhileAddsNone() {
    store.change(id, adding("k1"));
    AtomicInteger asked = new AtomicInteger();
    UnaryOperator<KeyRing> addition = before -> {
      if (asked.getAndIncrement() == 0) {
        store.change(id, ring -> ring.without("k1", OPERATOR, NOW));
      }
      return before.with(key("k2"), signedBy("k1"), NOW);
    };
    Failure failure = catchThrowableOfType(Failure.class, () -> store.change(id, addition));
    assertThat(failure.kind()).isEqualTo(FailureKind.FORBIDDEN);
    assertThat(asked).hasValue(2);
    assertThat(store.read(id).keys()).isEmpty();
  }

  @Test
  void aKeyWhoseExpiryIsChangedMeanwhileLimitsTheKeyThatItAdds() {
    store.change(id, adding("k1"));
    Optional<Instant> later = Optional.of(NOW.plusSeconds(60));
    AtomicInteger asked = new AtomicInteger();
    store.change(id, before -> {
      if (asked.getAndIncrement() == 0) {
        store.change(id, ring -> ring.with(key("k1", later), OPERATOR, NOW));
      }
      return before.with(key("k2"), signedBy("k1"), NOW);
    });
    assertThat(store.read(id).keys()).containsExactly(key("k1", later), key("k2", later));
  }

  // Lost responses

  @Test
  void anAdditionWithALostResponseIsNotAppliedTwice() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (FaultyWire wire = wire(() -> {});
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      Change change = DynamoDbDeviceKeyStore.from(aws).change(id, before -> {
        asked.incrementAndGet();
        return before.with(key("k1"), OPERATOR, NOW);
      });
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
      assertThat(change.before().keys()).isEmpty();
    }
    assertThat(asked).hasValue(1);
    assertThat(store.read(id).version()).isEqualTo(1);
  }

  @Test
  void aDeletionWithALostResponseSucceeds() throws Exception {
    store.change(id, adding("k1"));
    try (FaultyWire wire = wire(() -> {});
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DynamoDbDeviceKeyStore.from(aws).change(id, before -> before.without("k1", OPERATOR, NOW));
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
    }
    assertThat(store.read(id).keys()).isEmpty();
    assertThat(store.read(id).version()).isEqualTo(2);
  }

  @Test
  void anAdditionWithALostResponseKeepsLaterWrites() throws Exception {
    Runnable revocation = () -> store.change(id, before -> before.without("k1", OPERATOR, NOW));
    try (FaultyWire wire = wire(revocation);
        Aws aws = RunningSystem.withDynamoDb(system.environment(), wire.endpoint())) {
      DynamoDbDeviceKeyStore.from(aws).change(id, adding("k1"));
      assertThat(wire.injected(Fault.LOST_ANSWER)).isOne();
    }
    assertThat(store.read(id).keys()).isEmpty();
    assertThat(store.read(id).version()).isEqualTo(2);
  }

  @Test
  void anUnreachableStoreIsNotTakenForNotFound() {
    try (Aws aws =
        RunningSystem.withDynamoDb(system.environment(), URI.create("http://127.0.0.1:1"))) {
      for (Runnable call : List.<Runnable>of(
          () -> DynamoDbDeviceKeyStore.from(aws).find(id, "k1"),
          () -> DynamoDbDeviceKeyStore.from(aws).read(id),
          () -> DynamoDbDeviceKeyStore.from(aws).change(id, adding("k1")))) {
        Failure failure = catchThrowableOfType(Failure.class, call::run);
        assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
      }
    }
  }

  // Concurrency

  /** Makes the changes concurrently. The result has the kind of each failure, or empty for a success. */
  private List<Optional<FailureKind>> concurrently(List<UnaryOperator<KeyRing>> changes)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(changes.size());
    ExecutorService threads = Executors.newFixedThreadPool(changes.size());
    try {
      List<Future<Optional<FailureKind>>> running = new ArrayList<>();
      for (UnaryOperator<KeyRing> change : changes) {
        Callable<Optional<FailureKind>> task = () -> {
          start.await();
          try {
            store.change(id, change);
            return Optional.empty();
          } catch (Failure failure) {
            return Optional.of(failure.kind());
          }
        };
        running.add(threads.submit(task));
      }
      List<Optional<FailureKind>> ended = new ArrayList<>();
      for (Future<Optional<FailureKind>> task : running) {
        ended.add(task.get());
      }
      return ended;
    } finally {
      threads.shutdownNow();
    }
  }

  @RepeatedTest(3)
  void concurrentAdditionsCannotExceedFiveKeys() throws Exception {
    List<UnaryOperator<KeyRing>> additions = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      additions.add(adding("k" + i));
    }
    List<Optional<FailureKind>> ended = concurrently(additions);
    assertThat(store.read(id).keys()).hasSize(5);
    assertThat(store.read(id).version()).isEqualTo(5);
    List<Optional<FailureKind>> expected =
        new ArrayList<>(Collections.nCopies(5, Optional.empty()));
    expected.addAll(Collections.nCopies(3, Optional.of(KeyFailures.TOO_MANY_KEYS)));
    assertThat(ended).containsExactlyInAnyOrderElementsOf(expected);
  }

  @RepeatedTest(10)
  void concurrentDeletionsByTheDeviceKeepOneKey() throws Exception {
    store.change(id, adding("k0"));
    store.change(id, adding("k1"));
    List<Optional<FailureKind>> ended = concurrently(List.of(
        before -> before.without("k0", signedBy("k0"), NOW),
        before -> before.without("k1", signedBy("k1"), NOW)));
    assertThat(store.read(id).keys()).hasSize(1);
    assertThat(ended)
        .containsExactlyInAnyOrder(Optional.empty(), Optional.of(KeyFailures.LAST_KEY));
  }

  @RepeatedTest(3)
  void concurrentAdditionsOfOneKeyAddItOnce() throws Exception {
    List<Optional<FailureKind>> ended =
        concurrently(List.of(adding("k1"), adding("k1"), adding("k1"), adding("k1")));
    assertThat(ended).containsOnly(Optional.empty());
    assertThat(store.read(id).version()).isEqualTo(1);
  }

  private FaultyWire wire(Runnable meanwhile) throws Exception {
    return new FaultyWire(
        URI.create(system.environment().get(Aws.DYNAMODB_ENDPOINT)),
        Faults.first(1, "TransactWriteItems", Fault.LOST_ANSWER),
        meanwhile);
  }
}
