package io.fleetwell.device;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.aws.Aws;
import io.fleetwell.device.ClaimAttempts.Attempt;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the contract of {@link ClaimAttempts} with DynamoDB. */
@ExtendWith(StaleSystem.class)
class ClaimAttemptsTest {
  /** A full second, because an hour ends on one. It is in the future, so that DynamoDB deletes no expired item. */
  private static final Instant NOW = Instant.parse("2036-11-23T21:42:00Z");

  private static final Duration HOUR = Duration.ofHours(1);

  private final Aws aws;
  private final ClaimAttempts attempts;
  private final Map<String, String> environment;
  private final String device = unique("device");
  private final String user = unique("user");

  ClaimAttemptsTest(LocalSystem system, Aws aws) {
    this.aws = aws;
    this.attempts = DynamoDbClaimAttempts.from(aws);
    this.environment = system.environment();
  }

  private static Attempt attempt(String device, String user) {
    return new Attempt(device, user, unique("attempt"));
  }

  private Optional<Duration> take(Instant now) {
    return attempts.take(attempt(device, user), now);
  }

  private Optional<Duration> takeAtAnotherDevice(Instant now) {
    return attempts.take(attempt(unique("device"), user), now);
  }

  private Optional<Duration> takeByAnotherUser(Instant now) {
    return attempts.take(attempt(device, unique("user")), now);
  }

  private static int takenIn(List<Optional<Duration>> answers) {
    return (int) answers.stream().filter(Optional::isEmpty).count();
  }

  private static List<Optional<Duration>> fiftyAtOnce(IntFunction<Optional<Duration>> call)
      throws Exception {
    return AtOnce.call(IntStream.range(0, 50)
        .<Callable<Optional<Duration>>>mapToObj(i -> () -> call.apply(i))
        .toList());
  }

  // The limits

  @Test
  void aUserHasFiveAttemptsForADevice() {
    for (int i = 0; i < 5; i++) {
      assertThat(take(NOW)).isEmpty();
    }
    assertThat(take(NOW)).contains(HOUR);
    assertThat(takeAtAnotherDevice(NOW)).isEmpty();
  }

  @Test
  void aUserHasTwentyAttemptsOverAllDevices() {
    for (int i = 0; i < 20; i++) {
      assertThat(takeAtAnotherDevice(NOW)).isEmpty();
    }
    assertThat(takeAtAnotherDevice(NOW)).contains(HOUR);
  }

  @Test
  void attemptsOfOthersDoNotCount() {
    for (int i = 0; i < 30; i++) {
      assertThat(takeByAnotherUser(NOW)).isEmpty();
    }
    assertThat(take(NOW)).isEmpty();
  }

  @Test
  void aUserWithoutAttemptsForADeviceUsesNoneForOthers() {
    for (int i = 0; i < 30; i++) {
      take(NOW);
    }
    for (int i = 0; i < 15; i++) {
      assertThat(takeAtAnotherDevice(NOW)).isEmpty();
    }
    assertThat(takeAtAnotherDevice(NOW)).isPresent();
  }

  @Test
  void aUserWithoutAttemptsLeftUsesNoneForADevice() {
    for (int i = 0; i < 20; i++) {
      takeAtAnotherDevice(NOW);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(take(NOW.plus(HOUR.dividedBy(2)))).isPresent();
    }
    for (int i = 0; i < 5; i++) {
      assertThat(take(NOW.plus(HOUR))).isEmpty();
    }
  }

  @Test
  void idsThatLookAlikeHaveSeparateCounts() {
    for (int i = 0; i < 5; i++) {
      attempts.take(attempt(device, "x#" + user), NOW);
    }
    assertThat(attempts.take(attempt(device, "x"), NOW)).isEmpty();
    assertThat(attempts.take(attempt(user, device), NOW)).isEmpty();
    assertThat(attempts.take(attempt(device, user + "#x"), NOW)).isEmpty();
  }

  // The hour

  @Test
  void theHourStartsWithTheFirstAttempt() {
    for (int i = 0; i < 5; i++) {
      take(NOW.plus(Duration.ofMinutes(10L * i)));
    }
    assertThat(take(NOW.plus(Duration.ofMinutes(50)))).contains(Duration.ofMinutes(10));
    assertThat(take(NOW.plus(HOUR).minusMillis(1))).contains(Duration.ofMillis(1));
    assertThat(take(NOW.plus(HOUR))).isEmpty();
  }

  @Test
  void aUserHasFiveAttemptsForADeviceAgainAfterAnHour() {
    for (int i = 0; i < 5; i++) {
      take(NOW);
    }
    Instant later = NOW.plus(HOUR);
    for (int i = 0; i < 5; i++) {
      assertThat(take(later)).isEmpty();
    }
    assertThat(take(later)).contains(HOUR);
  }

  @Test
  void unusedAttemptsDoNotCarryOver() {
    take(NOW);
    Instant later = NOW.plus(HOUR).plusSeconds(1);
    for (int i = 0; i < 5; i++) {
      assertThat(take(later)).isEmpty();
    }
    assertThat(take(later)).isPresent();
  }

  @Test
  void noWaitIsLongerThanAnHour() {
    Instant withinASecond = NOW.plusMillis(999);
    for (int i = 0; i < 5; i++) {
      take(withinASecond);
    }
    assertThat(take(withinASecond).orElseThrow()).isLessThanOrEqualTo(HOUR);
  }

  @Test
  void theHourRestartsAfterAllAttemptsWereReturned() {
    Attempt right = attempt(device, user);
    attempts.take(right, NOW);
    attempts.giveBack(right);
    take(NOW.plus(HOUR).minusSeconds(1));
    for (int i = 0; i < 4; i++) {
      take(NOW.plus(HOUR));
    }
    assertThat(take(NOW.plus(HOUR))).isPresent();
  }

  // Giving back

  @Test
  void aReturnedAttemptCanBeTakenAgain() {
    for (int i = 0; i < 30; i++) {
      Attempt right = attempt(device, user);
      assertThat(attempts.take(right, NOW)).isEmpty();
      attempts.giveBack(right);
    }
  }

  @Test
  void noMoreAttemptsAreReturnedThanWereTaken() {
    Attempt right = attempt(device, user);
    attempts.giveBack(right);
    take(NOW);
    attempts.take(right, NOW);
    for (int i = 0; i < 5; i++) {
      attempts.giveBack(right);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(take(NOW)).isEmpty();
    }
    assertThat(take(NOW)).isPresent();
  }

  @Test
  void anAttemptOfThePreviousHourReturnsNoneOfThisOne() {
    Attempt early = attempt(device, user);
    attempts.take(early, NOW);
    for (int i = 0; i < 5; i++) {
      take(NOW.plus(HOUR));
    }
    attempts.giveBack(early);
    assertThat(take(NOW.plus(HOUR))).isPresent();
  }

  // Concurrency

  @Test
  void fiftyConcurrentAttemptsTakeFiveForADevice() throws Exception {
    assertThat(takenIn(fiftyAtOnce(i -> take(NOW)))).isEqualTo(5);
  }

  @Test
  void fiftyConcurrentAttemptsAfterTheHourTakeFiveForADevice() throws Exception {
    for (int i = 0; i < 5; i++) {
      take(NOW);
    }
    assertThat(takenIn(fiftyAtOnce(i -> take(NOW.plus(HOUR))))).isEqualTo(5);
    assertThat(take(NOW.plus(HOUR))).isPresent();
  }

  @Test
  void fiftyConcurrentAttemptsTakeTwentyOfAUser() throws Exception {
    assertThat(takenIn(fiftyAtOnce(i -> takeAtAnotherDevice(NOW)))).isEqualTo(20);
    assertThat(takeAtAnotherDevice(NOW)).isPresent();
  }

  @Test
  void aUserWithoutAttemptsLeftDoesNotDelayOthers() throws Exception {
    for (int i = 0; i < 20; i++) {
      takeAtAnotherDevice(NOW);
    }
    List<Optional<Duration>> answers =
        fiftyAtOnce(i -> i % 10 == 0 ? takeByAnotherUser(NOW) : take(NOW));
    assertThat(takenIn(answers)).isEqualTo(5);
  }

  @Test
  void concurrentlyReturnedAttemptsAreNotCounted() throws Exception {
    fiftyAtOnce(i -> {
      Attempt right = attempt(device, user);
      if (attempts.take(right, NOW).isEmpty()) {
        attempts.giveBack(right);
      }
      return Optional.empty();
    });
    assertThat(takenIn(fiftyAtOnce(i -> take(NOW)))).isEqualTo(5);
  }

  // Lost answers

  static Stream<Fault> transientFaults() {
    return Stream.of(Fault.values()).filter(Fault::isTransient);
  }

  @ParameterizedTest
  @MethodSource("transientFaults")
  void anAttemptIsTakenAndReturnedOnceAfterAnyTransientFault(Fault fault) throws Exception {
    try (FaultyWire wire = wire();
        Aws faulty = RunningSystem.withDynamoDb(environment, wire.endpoint())) {
      ClaimAttempts over = DynamoDbClaimAttempts.from(faulty);
      for (int i = 0; i < 5; i++) {
        wire.inject(Faults.first(1, "UpdateItem", fault));
        assertThat(over.take(attempt(device, user), NOW)).isEmpty();
        wire.awaitLateRequests();
      }
      assertThat(take(NOW)).isPresent();
      Attempt first = attempt(device, user);
      Attempt second = attempt(device, user);
      wire.inject(Faults.first(1, "PutItem", fault));
      assertThat(over.take(first, NOW.plus(HOUR))).isEmpty();
      attempts.take(second, NOW.plus(HOUR));
      wire.awaitLateRequests();
      wire.inject(Faults.first(1, "UpdateItem", fault));
      over.giveBack(first);
      wire.awaitLateRequests();
      wire.inject(Faults.first(1, "DeleteItem", fault));
      over.giveBack(second);
      wire.awaitLateRequests();
    }
    for (int i = 0; i < 5; i++) {
      assertThat(take(NOW.plus(HOUR))).isEmpty();
    }
    assertThat(take(NOW.plus(HOUR))).isPresent();
  }

  private FaultyWire wire() throws Exception {
    return new FaultyWire(
        URI.create(Objects.requireNonNull(environment.get(Aws.DYNAMODB_ENDPOINT))));
  }

  @Test
  void anOutageIsAFailure() {
    try (Aws nowhere = RunningSystem.withDynamoDb(environment, URI.create("http://127.0.0.1:1"))) {
      Failure failure = catchThrowableOfType(
          Failure.class,
          () -> DynamoDbClaimAttempts.from(nowhere).take(attempt(device, user), NOW));
      assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }
  }

  // Items

  private List<Map<String, AttributeValue>> itemsOfThisTest() {
    Predicate<String> mine = subject -> subject.contains(device) || subject.contains(user);
    return aws
        .dynamoDb()
        .scanPaginator(
            scan -> scan.tableName(environment.get("CLAIM_ATTEMPTS_TABLE")).consistentRead(true))
        .items()
        .stream()
        .filter(item -> mine.test(Objects.requireNonNull(item.get("subject")).s()))
        .toList();
  }

  @Test
  void returnedAttemptsLeaveNoItems() {
    Attempt right = attempt(device, user);
    attempts.take(right, NOW);
    attempts.giveBack(right);
    attempts.giveBack(attempt(device + "-2", user));
    assertThat(itemsOfThisTest()).isEmpty();
  }

  @Test
  void everyItemExpiresAfterTheHour() {
    for (int i = 0; i < 10; i++) {
      Attempt right = attempt(device, user);
      take(NOW);
      attempts.take(right, NOW.plusSeconds(1));
      attempts.giveBack(right);
    }
    assertThat(itemsOfThisTest())
        .hasSize(2)
        .extracting(item -> Objects.requireNonNull(item.get("expires")).n())
        .containsOnly(String.valueOf(NOW.plus(HOUR).getEpochSecond()));
  }
}
