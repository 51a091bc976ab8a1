package io.fleetwell.faults;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.UploadsBucket;
import io.fleetwell.testing.ZippedLogs;
import io.fleetwell.testing.faults.Call;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultySystem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Guarantees that hold while calls to the stores are lost, truncated, delayed, duplicated and refused.
 *
 * <p>A seed determines the clients' calls and the order of the faults. Scheduling determines which call gets which fault,
 * so it may take several runs to reproduce a failure from its seed. The system property {@code fleetwell.faults.seed} sets
 * the seed. {@code fleetwell.faults.seconds} sets the time for each kind of round, 3 by default.
 */
@ExtendWith(FaultsTest.OneSystem.class)
class FaultsTest {
  private static final int UPLOADS_PER_DAY = 24;
  private static final Duration TIME =
      Duration.ofSeconds(Long.getLong("fleetwell.faults.seconds", 3));
  private static final long SEED = Long.getLong("fleetwell.faults.seed", System.nanoTime());

  private final FaultySystem system;
  private final Api api;
  private final String id = unique("device");
  private final Caller alice;

  /** Starts the system once for all tests. */
  static final class OneSystem implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == FaultySystem.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getStore(ExtensionContext.Namespace.create(FaultsTest.class))
          .getOrComputeIfAbsent(FaultySystem.class, it -> start(), FaultySystem.class);
    }

    private static FaultySystem start() {
      try {
        return new FaultySystem(Map.of("UploadsPerDay", String.valueOf(UPLOADS_PER_DAY)));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  FaultsTest(FaultySystem system) {
    this.system = system;
    this.api = system.api();
    this.alice = api.user(unique("alice"));
  }

  @AfterEach
  void heal() {
    system.heal();
    system.resetCounts();
  }

  // Single faults

  static Stream<Fault> transientFaults() {
    return Stream.of(Fault.values()).filter(Fault::isTransient);
  }

  @ParameterizedTest
  @MethodSource("transientFaults")
  void aClaimIs201AfterAnyTransientFaultInItsWrite(Fault fault) throws Exception {
    system.dynamoDb().inject(Faults.first(1, "TransactWriteItems", fault));
    assertThat(alice.put("/v1/user/devices/owner/" + id).status()).isEqualTo(201);
    system.dynamoDb().awaitLateRequests();
    assertThat(alice.get("/v1/user/devices/owner").json().path("devices")).hasSize(1);
    assertThat(history()).extracting(it -> it.path("event").asText()).containsExactly("claimed");
  }

  @ParameterizedTest
  @MethodSource("transientFaults")
  void aReleaseIs204AfterAnyTransientFaultInItsWrite(Fault fault) throws Exception {
    alice.put("/v1/user/devices/owner/" + id);
    system.dynamoDb().inject(Faults.first(1, "TransactWriteItems", fault));
    assertThat(alice.delete("/v1/user/devices/owner/" + id).status()).isEqualTo(204);
    system.dynamoDb().awaitLateRequests();
    assertThat(alice.get("/v1/user/devices/owner").json().path("devices")).isEmpty();
    assertThat(history())
        .extracting(it -> it.path("event").asText())
        .containsExactly("released", "claimed");
  }

  @Test
  void aLateClaimDoesNotUndoARelease() throws Exception {
    system.dynamoDb().inject(Faults.first(1, "TransactWriteItems", Fault.LATE_REQUEST));
    alice.put("/v1/user/devices/owner/" + id);
    system.heal();
    assertThat(alice.delete("/v1/user/devices/owner/" + id).status()).isEqualTo(204);
    system.dynamoDb().awaitLateRequests();
    assertThat(alice.get("/v1/user/devices/owner").json().path("devices")).isEmpty();
  }

  /**
   * Before the SDK repeats the claim, bob claims the device. When he has released it, nothing is left that would stop the
   * first attempt.
   */
  @Test
  void aClaimThatCanStillArriveIsNotRefused() throws Exception {
    Caller bob = api.user(unique("bob"));
    system
        .dynamoDb()
        .inject(firstIsLate("TransactWriteItems", () -> bob.put("/v1/user/devices/owner/" + id)));
    assertThat(alice.put("/v1/user/devices/owner/" + id).status()).isEqualTo(503);
    assertThat(bob.delete("/v1/user/devices/owner/" + id).status()).isEqualTo(204);
    system.dynamoDb().awaitLateRequests();
    assertThat(alice.get("/v1/user/devices/owner").json().path("devices")).hasSize(1);
  }

  /**
   * The release reads that alice has no registration and, after her claim and her details, that she is the owner. If the
   * registration stayed, she would still see the device.
   */
  @Test
  void aReleaseThatReadsBeforeAndAfterAClaimLeavesNoRegistration() {
    claimAndDescribe(unique("another"));
    AtomicInteger reads = new AtomicInteger();
    system.dynamoDb().inject(call -> {
      int now = call.operation().equals("BatchGetItem") ? reads.getAndIncrement() : -1;
      if (now == 1) {
        claimAndDescribe(id);
      }
      return now == 0 ? Fault.PARTIAL_BATCH : Fault.NONE;
    });
    assertThat(alice.delete("/v1/user/devices/owner/" + id).status()).isEqualTo(204);
    assertThat(alice.get("/v1/devices/" + id).status()).isEqualTo(404);
    assertThat(alice.get("/v1/user/devices").json().path("devices").findValuesAsText("deviceid"))
        .doesNotContain(id);
  }

  /**
   * The removal of a registration sees a record without an owner, and then the registration of the owner. Without it, the
   * device would be missing from its owner's list.
   */
  @Test
  void aRemovalThatReadsBeforeAndAfterAClaimLeavesTheOwnersRegistration() {
    api.device(id).put("/v1/devices/" + id, "{'region': 'dk'}");
    AtomicInteger reads = new AtomicInteger();
    system.dynamoDb().inject(new Faults() {
      @Override
      public Fault next(Call call) {
        int now = call.operation().equals("BatchGetItem") ? reads.getAndIncrement() : -1;
        if (now == 1) {
          alice.put("/v1/user/devices/owner/" + id);
        }
        return now == 0 ? Fault.PARTIAL_BATCH : Fault.NONE;
      }

      @Override
      public int left(int tables) {
        return 1;
      }
    });
    Answer answer = alice.delete("/v1/user/devices/" + id);
    assertThat(answer.problem()).isEqualTo("release-first");
    assertThat(alice.get("/v1/user/devices/owner").json().path("devices")).hasSize(1);
  }

  private void claimAndDescribe(String device) {
    Answer claimed = alice.put("/v1/user/devices/owner/" + device);
    assertThat(claimed.status()).isEqualTo(201);
    alice
        .with("if-match", claimed.header("etag"))
        .put("/v1/user/devices/" + device, "{'note': 'mine'}");
  }

  @Test
  void detailsThatCanStillArriveAreNotRefused() throws Exception {
    Caller device = api.device(id);
    system
        .dynamoDb()
        .inject(firstIsLate(
            "PutItem", () -> api.user("carl").put("/v1/user/devices/" + id, "{'volume': 1}")));
    Answer created = device.with("if-none-match", "*").put("/v1/devices/" + id, "{'volume': 2}");
    assertThat(created.status()).isEqualTo(503);
    api.user("carl").delete("/v1/user/devices/" + id);
    system.dynamoDb().awaitLateRequests();
    assertThat(device.get("/v1/devices/" + id).json().path("volume").asInt()).isEqualTo(2);
  }

  @Test
  void aLatePublicationDoesNotUndoAWithdrawal() throws Exception {
    system.dynamoDb().inject(firstIsLate("Item", () -> {}));
    String firmware = publish();
    system.heal();
    assertThat(api.operator().delete(firmware).status()).isEqualTo(204);
    system.dynamoDb().awaitLateRequests();
    assertThat(listed()).isEmpty();
  }

  @Test
  void aLateWithdrawalDoesNotUndoAPublication() throws Exception {
    String firmware = publish();
    system.dynamoDb().inject(firstIsLate("Item", () -> {}));
    assertThat(api.operator().delete(firmware).status()).isEqualTo(204);
    system.heal();
    publish();
    system.dynamoDb().awaitLateRequests();
    assertThat(listed()).hasSize(1);
  }

  /** Publishes firmware for a device type of its own, and returns its path. */
  private String publish() {
    Answer answer = api.operator().post("/v1/firmware", """
        {"devicetype": "%s", "region": "EU", "version": "1.0", "downloadurl": "https://example.com/1"}""".formatted(id));
    assertThat(answer.status()).isEqualTo(201);
    return "/v1/firmware?id=" + answer.json().path("id").asText();
  }

  private JsonNode listed() {
    system.indexesCatchUp();
    return api.operator().get("/v1/firmware?devicetype=" + id).json().path("firmware");
  }

  /**
   * The first call of an operation arrives late.
   *
   * @param meanwhile runs before the SDK's second attempt arrives
   */
  private static Faults firstIsLate(String operation, Runnable meanwhile) {
    AtomicInteger number = new AtomicInteger();
    return new Faults() {
      @Override
      public Fault next(Call call) {
        if (!call.operation().contains(operation)) {
          return Fault.NONE;
        }
        int now = number.getAndIncrement();
        if (now == 1) {
          meanwhile.run();
        }
        return now == 0 ? Fault.LATE_REQUEST : Fault.NONE;
      }

      @Override
      public Duration pause() {
        return Duration.ofSeconds(2);
      }
    };
  }

  /** The first transaction is the entry of the import. */
  @Test
  void anImportThatEndsInBetweenIsInTheAuditLogWithoutItsResult() {
    system.dynamoDb().inject(afterFirstTransaction());
    Answer answer =
        api.operator().importKeys("{'deviceid': '%s', 'facts': {'region': 'dk'}}".formatted(id));
    assertThat(answer.status()).isEqualTo(503);
    system.heal();
    system.indexesCatchUp();
    assertThat(api.operator().get("/v1/audit?action=devices-imported").json().path("entries"))
        .filteredOn(it -> it.path("requestid").asText().equals(answer.header("apigw-requestid")))
        .extracting(it -> it.path("after").toString())
        .containsExactly("{\"lines\":1}");
  }

  private static Faults afterFirstTransaction() {
    AtomicInteger transactions = new AtomicInteger();
    return call -> {
      if (call.operation().equals("TransactWriteItems")) {
        transactions.incrementAndGet();
        return Fault.NONE;
      }
      return transactions.get() > 0 ? Fault.ERROR : Fault.NONE;
    };
  }

  @ParameterizedTest
  @MethodSource("transientFaults")
  void detailsAreMergedOnceAfterAnyTransientFaultInTheirWrite(Fault fault) throws Exception {
    system.dynamoDb().inject(Faults.first(1, "PutItem", fault));
    Answer written = api.device(id).put("/v1/devices/" + id, "{'volume': 1}");
    assertThat(written.status()).isEqualTo(201);
    system.dynamoDb().awaitLateRequests();
    Answer kept = api.device(id).get("/v1/devices/" + id);
    assertThat(kept.json().path("volume").asInt()).isEqualTo(1);
    assertThat(kept.header("etag")).isEqualTo(written.header("etag"));
  }

  /** A truncated answer must not be taken for "not found". */
  @ParameterizedTest
  @MethodSource("transientFaults")
  void aDeviceIsFoundAfterAnyTransientFaultInItsRead(Fault fault) {
    alice.put("/v1/user/devices/owner/" + id);
    for (String operation : List.of("BatchGetItem", "Query")) {
      system.dynamoDb().inject(Faults.first(1, operation, fault));
      assertThat(alice.get("/v1/devices/" + id).status()).isEqualTo(200);
      assertThat(alice.get("/v1/user/devices/owner").json().path("devices")).hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("transientFaults")
  void anUploadIs201AfterAnyTransientFaultInItsWrite(Fault fault) throws Exception {
    system.s3().inject(Faults.first(1, "PUT", fault));
    Answer uploaded = upload("log");
    assertThat(uploaded.status()).isEqualTo(201);
    system.s3().awaitLateRequests();
    try (UploadsBucket bucket = new UploadsBucket(api.system())) {
      assertThat(bucket.bytes(
              "logs/%s/log/%s.zip".formatted(id, uploaded.json().path("logid").asText())))
          .isEqualTo(ZippedLogs.zip("log"));
    }
  }

  /**
   * An answer of S3 that is truncated in its headers lacks what they say, and is otherwise like a whole one. The clock stands
   * still, so a repeated upload looks like a retry of the first.
   */
  @ParameterizedTest
  @MethodSource("transientFaults")
  void aRepeatedUploadGetsTheFirstReceiptOr503AfterAnyTransientFaultInItsRead(Fault fault) {
    Answer first = upload("log");
    system.s3().inject(Faults.first(1, "HEAD", fault));
    Answer again = upload("log");
    if (!Answers.isOutage(again, 200, 201)) {
      assertThat(again.json()).isEqualTo(first.json());
    }
    assertThat(upload("log").json()).isEqualTo(first.json());
  }

  @Test
  void anUploadThatMeetsAnotherOfTheSameFileIs503() {
    system.s3().inject(Faults.first(1, "PUT", Fault.IN_PROGRESS));
    assertThat(upload("log").status()).isEqualTo(503);
    assertThat(upload("log").status()).isEqualTo(201);
  }

  @Test
  void aDamagedFileIs503AndNotStored() {
    system.s3().inject(Faults.first(1, "PUT", Fault.CORRUPT_REQUEST));
    assertThat(upload("log").status()).isEqualTo(503);
    try (UploadsBucket bucket = new UploadsBucket(api.system())) {
      assertThat(bucket.keys("logs/%s/".formatted(id))).isEmpty();
    }
    assertThat(upload("log").status()).isEqualTo(201);
  }

  @Test
  void aDamagedWriteIs503AndChangesNothing() {
    Caller device = api.device(id);
    device.put("/v1/devices/" + id, "{'volume': 1}");
    for (String operation : List.of("PutItem", "TransactWriteItems")) {
      system.dynamoDb().inject(Faults.first(1, operation, Fault.CORRUPT_REQUEST));
      Answer answer = operation.equals("PutItem")
          ? device.put("/v1/devices/" + id, "{'volume': 2}")
          : alice.put("/v1/user/devices/owner/" + id);
      assertThat(answer.status()).isEqualTo(503);
    }
    assertThat(device.get("/v1/devices/" + id).json().path("volume").asInt()).isEqualTo(1);
    assertThat(history()).isEmpty();
  }

  /** The SDK repeats the first ways of saying so, which makes them one call. */
  @Test
  void aThrottledClaimIs503HoweverDynamoDbSaysSo() {
    system
        .dynamoDb()
        .inject(
            call -> call.operation().equals("TransactWriteItems") ? Fault.THROTTLED : Fault.NONE);
    for (int i = 0; i < 4; i++) {
      assertThat(alice.put("/v1/user/devices/owner/" + id).status()).isEqualTo(503);
    }
  }

  /** A damaged key would find nothing. */
  @Test
  void aDamagedReadIs503AndNeverNotFound() {
    alice.put("/v1/user/devices/owner/" + id);
    system.dynamoDb().inject(Faults.always(Fault.CORRUPT_REQUEST));
    assertThat(alice.get("/v1/devices/" + id).status()).isEqualTo(503);
    assertThat(alice.get("/v1/user/devices/owner").status()).isEqualTo(503);
    assertThat(api.device(id).get("/v1/devices/" + id).status()).isEqualTo(503);
  }

  /** Damages a byte in fifty places. */
  @Test
  void aDamagedAnswerIsNeverBelieved() {
    alice.put("/v1/user/devices/owner/" + id);
    String intact = alice.get("/v1/devices/" + id).text();
    for (int i = 0; i < 50; i++) {
      system.dynamoDb().inject(damaging("BatchGetItem", i * 11));
      Answer answer = alice.get("/v1/devices/" + id);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.text()).isEqualTo(intact);
    }
  }

  /** The error of the second refusal tells where to count it. */
  @Test
  void aDamagedErrorIsNeverBelieved() {
    alice.put("/v1/user/devices/owner/" + id);
    Caller bob = api.user(unique("bob"));
    for (int i = 0; i < 50; i++) {
      system.dynamoDb().inject(damaging("PutItem", i * 11));
      assertThat(bob.put("/v1/user/devices/owner/" + id).status()).isEqualTo(409);
    }
    assertThat(history()).extracting(it -> it.path("count").asInt(1)).containsExactly(50, 1);
  }

  /** Damages one byte of the first answer to an operation. */
  private static Faults damaging(String operation, int position) {
    Faults first = Faults.first(1, operation, Fault.CORRUPT_ANSWER);
    return new Faults() {
      @Override
      public Fault next(Call call) {
        return first.next(call);
      }

      @Override
      public int position(int length) {
        return position % length;
      }
    };
  }

  /** The first call to DynamoDB counts the upload, the second undoes that. */
  @ParameterizedTest
  @MethodSource("transientFaults")
  void theQuotaOfAnUploadThatCannotBeStoredIsReturnedAtMostOnce(Fault fault) throws Exception {
    upload("first");
    system.s3().inject(Faults.always(Fault.ERROR));
    system.dynamoDb().inject(Faults.second(fault));
    assertThat(upload("second").status()).isEqualTo(503);
    system.heal();
    system.dynamoDb().awaitLateRequests();
    int more = 0;
    while (upload("more " + more).status() == 201) {
      more++;
    }
    assertThat(more).isEqualTo(UPLOADS_PER_DAY - 1);
  }

  @Test
  void aRepeatedClaimIs409AndSaysThatTheDeviceIsYours() {
    alice.put("/v1/user/devices/owner/" + id);
    Answer again = alice.put("/v1/user/devices/owner/" + id);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().path("yours").booleanValue()).isTrue();
  }

  private Answer upload(String content) {
    return ZippedLogs.upload(
        api.device(id), "/v1/devices/%s/logs/log".formatted(id), ZippedLogs.zip(content));
  }

  private Iterable<JsonNode> history() {
    return api.operator().get("/v1/devices/%s/history".formatted(id)).json().path("history");
  }

  // Random faults under concurrent calls

  /** The totals of all rounds of a kind. */
  private final class Tally {
    private final String kind;
    private final long end = System.nanoTime() + TIME.toNanos();
    private int rounds;
    private int operations;
    private int unknown;

    Tally(String kind) {
      this.kind = kind;
      System.out.printf("%s under faults: -Dfleetwell.faults.seed=%d%n", kind, SEED);
    }

    boolean isTimeLeft() {
      return System.nanoTime() < end;
    }

    long seed() {
      return SEED + rounds;
    }

    String name() {
      return unique(kind);
    }

    void add(int moreOperations, int moreUnknown) {
      rounds++;
      operations += moreOperations;
      unknown += moreUnknown;
    }

    void print() {
      System.out.printf(
          "%s under faults: %,d operations in %d rounds, %d of unknown outcome; %s%n",
          kind, operations, rounds, unknown, system.injected());
    }
  }

  @Test
  void aDeviceHasAtMostOneOwnerAndNoAcknowledgedClaimIsLost() throws Exception {
    Tally tally = new Tally("ownership");
    while (tally.isTimeLeft()) {
      OwnershipRound round = new OwnershipRound(api, tally.name(), tally.seed());
      system.inject(tally.seed());
      round.run();
      system.heal();
      round.listForEveryUser();
      round.assertIsLinearizable();
      assertThat(round.words()).isPositive();
      tally.add(round.operations(), round.unknown());
    }
    tally.print();
  }

  @Test
  void noAcknowledgedFieldIsLostOrPartial() throws Exception {
    Tally tally = new Tally("merges");
    while (tally.isTimeLeft()) {
      MergeRound round = new MergeRound(api, tally.name());
      system.inject(tally.seed());
      round.run();
      system.heal();
      system.dynamoDb().awaitLateRequests();
      round.read();
      tally.add(round.operations(), round.unknown());
    }
    tally.print();
  }

  @Test
  void theAuditLogHasEachActOnceAndNoneThatDidNotHappen() throws Exception {
    Tally tally = new Tally("audit");
    while (tally.isTimeLeft()) {
      AuditRound round = new AuditRound(api, tally.name());
      system.inject(tally.seed());
      round.run(tally.seed());
      system.heal();
      system.dynamoDb().awaitLateRequests();
      system.indexesCatchUp();
      round.assertTheAuditLogIsTrue();
      tally.add(round.operations(), round.unknown());
    }
    tally.print();
  }

  @Test
  void acceptedLogsAreStoredWholeAndRefusedLogsAreNotStored() throws Exception {
    Tally tally = new Tally("uploads");
    try (UploadsBucket bucket = new UploadsBucket(api.system())) {
      while (tally.isTimeLeft()) {
        UploadRound round = new UploadRound(api, tally.name(), tally.seed());
        system.inject(tally.seed());
        round.run();
        system.heal();
        system.s3().awaitLateRequests();
        round.assertAcknowledgedLogsAreStoredWhole(bucket);
        round.assertQuotaHeld(UPLOADS_PER_DAY);
        tally.add(round.operations(), round.unknown());
      }
    }
    tally.print();
  }
}
