package io.fleetwell.device;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.RunningSystem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests the contract of {@link ClaimAttempts} with DynamoDB. */
@ExtendWith(RunningSystem.class)
class ClaimAttemptsTest {
  /** A full second, because a window ends on one. It is in the future, so that DynamoDB deletes no expired item. */
  private static final Instant NOW = Instant.parse("2036-11-23T21:42:00Z");

  private static final Duration HOUR = Duration.ofHours(1);

  private final ClaimAttempts attempts;
  private final Map<String, String> environment;
  private final String device = unique("device");
  private final String user = unique("user");

  ClaimAttemptsTest(LocalSystem system, Aws aws) {
    this.attempts = DynamoDbClaimAttempts.from(aws);
    this.environment = system.environment();
  }

  /** An attempt by a new user. */
  private Optional<Duration> takeByAnotherUser(Instant now) {
    return attempts.take(device, unique("user"), now);
  }

  private Optional<Duration> takeAtAnotherDevice(Instant now) {
    return attempts.take(unique("device"), user, now);
  }

  private static int takenIn(List<Optional<Duration>> answers) {
    return (int) answers.stream().filter(Optional::isEmpty).count();
  }

  private static List<Optional<Duration>> fiftyAtOnce(IntFunction<Optional<Duration>> call)
      throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(50);
    CountDownLatch start = new CountDownLatch(1);
    try {
      List<Future<Optional<Duration>>> answers = IntStream.range(0, 50)
          .mapToObj(i -> callers.submit(() -> {
            start.await();
            return call.apply(i);
          }))
          .toList();
      start.countDown();
      List<Optional<Duration>> got = new ArrayList<>();
      for (Future<Optional<Duration>> answer : answers) {
        got.add(answer.get());
      }
      return got;
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void aDeviceHasFiveAttemptsOverAllUsers() {
    for (int i = 0; i < 5; i++) {
      assertThat(takeByAnotherUser(NOW)).isEmpty();
    }
    assertThat(takeByAnotherUser(NOW)).contains(HOUR);
  }

  @Test
  void aUserHasTwentyAttemptsOverAllDevices() {
    for (int i = 0; i < 20; i++) {
      assertThat(takeAtAnotherDevice(NOW)).isEmpty();
    }
    assertThat(takeAtAnotherDevice(NOW)).contains(HOUR);
  }

  @Test
  void theHourStartsWithTheFirstAttempt() {
    for (int i = 0; i < 5; i++) {
      takeByAnotherUser(NOW.plus(Duration.ofMinutes(10L * i)));
    }
    assertThat(takeByAnotherUser(NOW.plus(Duration.ofMinutes(50))))
        .contains(Duration.ofMinutes(10));
    assertThat(takeByAnotherUser(NOW.plus(HOUR).minusMillis(1))).contains(Duration.ofMillis(1));
    assertThat(takeByAnotherUser(NOW.plus(HOUR))).isEmpty();
  }

  @Test
  void aDeviceHasFiveAttemptsAgainAfterAnHour() {
    for (int i = 0; i < 5; i++) {
      takeByAnotherUser(NOW);
    }
    Instant later = NOW.plus(HOUR);
    for (int i = 0; i < 5; i++) {
      assertThat(takeByAnotherUser(later)).isEmpty();
    }
    assertThat(takeByAnotherUser(later)).contains(HOUR);
  }

  @Test
  void unusedAttemptsDoNotCarryOver() {
    takeByAnotherUser(NOW);
    Instant later = NOW.plus(HOUR).plusSeconds(1);
    for (int i = 0; i < 5; i++) {
      assertThat(takeByAnotherUser(later)).isEmpty();
    }
    assertThat(takeByAnotherUser(later)).isPresent();
  }

  @Test
  void noWaitIsLongerThanAnHour() {
    Instant withinASecond = NOW.plusMillis(999);
    for (int i = 0; i < 5; i++) {
      takeByAnotherUser(withinASecond);
    }
    assertThat(takeByAnotherUser(withinASecond).orElseThrow()).isLessThanOrEqualTo(HOUR);
  }

  @Test
  void aReturnedAttemptCanBeTakenAgain() {
    for (int i = 0; i < 30; i++) {
      assertThat(attempts.take(device, user, NOW)).isEmpty();
      attempts.giveBack(device, user);
    }
  }

  @Test
  void noMoreAttemptsAreReturnedThanWereTaken() {
    attempts.giveBack(device, user);
    attempts.take(device, user, NOW);
    for (int i = 0; i < 5; i++) {
      attempts.giveBack(device, user);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(takeByAnotherUser(NOW)).isEmpty();
    }
    assertThat(takeByAnotherUser(NOW)).isPresent();
  }

  @Test
  void aUserWithoutAttemptsLeftUsesNoneOfTheDevice() {
    for (int i = 0; i < 20; i++) {
      takeAtAnotherDevice(NOW);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(attempts.take(device, user, NOW)).isPresent();
    }
    assertThat(takeByAnotherUser(NOW)).isEmpty();
  }

  @Test
  void aUserWithoutAttemptsLeftDoesNotDelayOthers() throws Exception {
    for (int i = 0; i < 20; i++) {
      takeAtAnotherDevice(NOW);
    }
    List<Optional<Duration>> answers =
        fiftyAtOnce(i -> i % 10 == 0 ? takeByAnotherUser(NOW) : attempts.take(device, user, NOW));
    assertThat(takenIn(answers)).isEqualTo(5);
  }

  @Test
  void concurrentlyReturnedAttemptsAreNotCounted() throws Exception {
    fiftyAtOnce(i -> {
      if (i % 10 != 0) {
        return Optional.empty();
      }
      String another = unique("user");
      for (int round = 0; round < 20; round++) {
        attempts.take(device, another, NOW);
        attempts.giveBack(device, another);
      }
      return Optional.empty();
    });
    assertThat(takenIn(fiftyAtOnce(i -> takeByAnotherUser(NOW)))).isEqualTo(5);
  }

  @Test
  void theHourRestartsAfterAllAttemptsWereReturned() {
    attempts.take(device, user, NOW);
    attempts.giveBack(device, user);
    takeByAnotherUser(NOW.plus(HOUR).minusSeconds(1));
    for (int i = 0; i < 4; i++) {
      takeByAnotherUser(NOW.plus(HOUR));
    }
    assertThat(takeByAnotherUser(NOW.plus(HOUR))).isPresent();
  }

  @Test
  void aDeviceWithoutAttemptsLeftUsesNoneOfTheUser() {
    for (int i = 0; i < 5; i++) {
      takeByAnotherUser(NOW);
    }
    for (int i = 0; i < 25; i++) {
      assertThat(attempts.take(device, user, NOW)).isPresent();
    }
    assertThat(takeAtAnotherDevice(NOW)).isEmpty();
  }

  @Test
  void aDeviceAndAUserWithTheSameIdHaveSeparateCounts() {
    for (int i = 0; i < 5; i++) {
      takeByAnotherUser(NOW);
    }
    assertThat(attempts.take(unique("device"), device, NOW)).isEmpty();
  }

  @Test
  void fiftyConcurrentAttemptsTakeFiveOfADevice() throws Exception {
    assertThat(takenIn(fiftyAtOnce(i -> takeByAnotherUser(NOW)))).isEqualTo(5);
  }

  @Test
  void fiftyConcurrentAttemptsAfterTheHourTakeFiveOfADevice() throws Exception {
    for (int i = 0; i < 5; i++) {
      takeByAnotherUser(NOW);
    }
    assertThat(takenIn(fiftyAtOnce(i -> takeByAnotherUser(NOW.plus(HOUR))))).isEqualTo(5);
    assertThat(takeByAnotherUser(NOW.plus(HOUR))).isPresent();
  }

  @Test
  void fiftyConcurrentAttemptsTakeTwentyOfAUser() throws Exception {
    assertThat(takenIn(fiftyAtOnce(i -> takeAtAnotherDevice(NOW)))).isEqualTo(20);
    assertThat(takeAtAnotherDevice(NOW)).isPresent();
  }

  @Test
  void anOutageIsAFailure() {
    Map<String, String> elsewhere = new HashMap<>(environment);
    elsewhere.put(Aws.DYNAMODB_ENDPOINT, "http://127.0.0.1:1");
    try (Aws aws = new Aws(elsewhere, Clock.systemUTC())) {
      Failure failure = catchThrowableOfType(
          Failure.class, () -> DynamoDbClaimAttempts.from(aws).take(device, user, NOW));
      assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }
  }
}
