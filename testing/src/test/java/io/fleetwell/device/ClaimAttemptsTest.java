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

/** The contract of {@link ClaimAttempts}, held by DynamoDB. */
@ExtendWith(RunningSystem.class)
class ClaimAttemptsTest {
  /** On a full second, since a window ends on one. It is ahead, so that nothing is cleared away. */
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

  /** An attempt by a user whom nobody else is. */
  private Optional<Duration> byAnother(Instant now) {
    return attempts.take(device, unique("user"), now);
  }

  private Optional<Duration> atAnother(Instant now) {
    return attempts.take(unique("device"), user, now);
  }

  private static int taken(List<Optional<Duration>> answers) {
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
  void aDeviceHasFiveAttemptsWhoeverMakesThem() {
    for (int i = 0; i < 5; i++) {
      assertThat(byAnother(NOW)).isEmpty();
    }
    assertThat(byAnother(NOW)).contains(HOUR);
  }

  @Test
  void aUserHasTwentyAttemptsWhateverTheDevices() {
    for (int i = 0; i < 20; i++) {
      assertThat(atAnother(NOW)).isEmpty();
    }
    assertThat(atAnother(NOW)).contains(HOUR);
  }

  @Test
  void theHourBeginsWithTheFirstAttempt() {
    for (int i = 0; i < 5; i++) {
      byAnother(NOW.plus(Duration.ofMinutes(10L * i)));
    }
    assertThat(byAnother(NOW.plus(Duration.ofMinutes(50)))).contains(Duration.ofMinutes(10));
    assertThat(byAnother(NOW.plus(HOUR).minusMillis(1))).contains(Duration.ofMillis(1));
    assertThat(byAnother(NOW.plus(HOUR))).isEmpty();
  }

  @Test
  void afterTheHourThereAreFiveAgainAndNoMore() {
    for (int i = 0; i < 5; i++) {
      byAnother(NOW);
    }
    Instant later = NOW.plus(HOUR);
    for (int i = 0; i < 5; i++) {
      assertThat(byAnother(later)).isEmpty();
    }
    assertThat(byAnother(later)).contains(HOUR);
  }

  @Test
  void whatWasLeftOfAnHourIsNotLeftAfterIt() {
    byAnother(NOW);
    Instant later = NOW.plus(HOUR).plusSeconds(1);
    for (int i = 0; i < 5; i++) {
      assertThat(byAnother(later)).isEmpty();
    }
    assertThat(byAnother(later)).isPresent();
  }

  @Test
  void noWaitIsLongerThanAnHour() {
    Instant withinASecond = NOW.plusMillis(999);
    for (int i = 0; i < 5; i++) {
      byAnother(withinASecond);
    }
    assertThat(byAnother(withinASecond).orElseThrow()).isLessThanOrEqualTo(HOUR);
  }

  @Test
  void anAttemptThatWasGivenBackCanBeTakenAgain() {
    for (int i = 0; i < 30; i++) {
      assertThat(attempts.take(device, user, NOW)).isEmpty();
      attempts.giveBack(device, user);
    }
  }

  @Test
  void moreThanWasTakenCannotBeGivenBack() {
    attempts.giveBack(device, user);
    attempts.take(device, user, NOW);
    for (int i = 0; i < 5; i++) {
      attempts.giveBack(device, user);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(byAnother(NOW)).isEmpty();
    }
    assertThat(byAnother(NOW)).isPresent();
  }

  @Test
  void whoHasNoAttemptLeftTakesNoneFromTheDevice() {
    for (int i = 0; i < 20; i++) {
      atAnother(NOW);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(attempts.take(device, user, NOW)).isPresent();
    }
    assertThat(byAnother(NOW)).isEmpty();
  }

  @Test
  void whoHasNoAttemptLeftIsInNobodysWayHoweverOftenTheyTry() throws Exception {
    for (int i = 0; i < 20; i++) {
      atAnother(NOW);
    }
    List<Optional<Duration>> answers =
        fiftyAtOnce(i -> i % 10 == 0 ? byAnother(NOW) : attempts.take(device, user, NOW));
    assertThat(taken(answers)).isEqualTo(5);
  }

  @Test
  void whatIsTakenAndGivenBackAtOnceIsNotCounted() throws Exception {
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
    assertThat(taken(fiftyAtOnce(i -> byAnother(NOW)))).isEqualTo(5);
  }

  @Test
  void theHourBeginsAnewWhenAllWereGivenBack() {
    attempts.take(device, user, NOW);
    attempts.giveBack(device, user);
    byAnother(NOW.plus(HOUR).minusSeconds(1));
    for (int i = 0; i < 4; i++) {
      byAnother(NOW.plus(HOUR));
    }
    assertThat(byAnother(NOW.plus(HOUR))).isPresent();
  }

  @Test
  void aDeviceThatHasNoneLeftTakesNoneFromTheUser() {
    for (int i = 0; i < 5; i++) {
      byAnother(NOW);
    }
    for (int i = 0; i < 25; i++) {
      assertThat(attempts.take(device, user, NOW)).isPresent();
    }
    assertThat(atAnother(NOW)).isEmpty();
  }

  @Test
  void aDeviceAndAUserOfOneNameAreCountedApart() {
    for (int i = 0; i < 5; i++) {
      byAnother(NOW);
    }
    assertThat(attempts.take(unique("device"), device, NOW)).isEmpty();
  }

  @Test
  void ofFiftyAtOnceFiveAreTakenOfADevice() throws Exception {
    assertThat(taken(fiftyAtOnce(i -> byAnother(NOW)))).isEqualTo(5);
  }

  @Test
  void ofFiftyAtOnceFiveAreTakenAfterTheHourToo() throws Exception {
    for (int i = 0; i < 5; i++) {
      byAnother(NOW);
    }
    assertThat(taken(fiftyAtOnce(i -> byAnother(NOW.plus(HOUR))))).isEqualTo(5);
    assertThat(byAnother(NOW.plus(HOUR))).isPresent();
  }

  @Test
  void ofFiftyAtOnceTwentyAreTakenOfAUser() throws Exception {
    assertThat(taken(fiftyAtOnce(i -> atAnother(NOW)))).isEqualTo(20);
    assertThat(atAnother(NOW)).isPresent();
  }

  @Test
  void anOutageIsNoAttempt() {
    Map<String, String> elsewhere = new HashMap<>(environment);
    elsewhere.put("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1");
    try (Aws aws = new Aws(elsewhere, Clock.systemUTC())) {
      Failure failure = catchThrowableOfType(
          Failure.class, () -> DynamoDbClaimAttempts.from(aws).take(device, user, NOW));
      assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }
  }
}
