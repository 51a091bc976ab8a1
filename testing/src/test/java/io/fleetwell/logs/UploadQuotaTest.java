package io.fleetwell.logs;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultyWire;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract of {@link UploadQuota}, held by DynamoDB. */
@ExtendWith(RunningSystem.class)
class UploadQuotaTest {
  /** A quarter of an hour before midnight. It is ahead, so that nothing is cleared away. */
  private static final Instant NOW = Instant.parse("2036-11-23T23:45:00.5Z");

  private static final Duration UNTIL_MIDNIGHT = Duration.ofMinutes(15).minusMillis(500);

  private final Map<String, String> environment;
  private final UploadQuota quota;
  private final String id = unique("device");
  private final Principal device = new Principal(Kind.DEVICE, id, NOW);
  private final Principal owner = new Principal(Kind.USER, unique("owner"), NOW);

  UploadQuotaTest(LocalSystem system) {
    this.environment = new HashMap<>(system.environment());
    environment.put("UPLOADS_PER_DAY", "3");
    this.quota = quota();
  }

  private UploadQuota quota() {
    return DynamoDbUploadQuota.from(new Aws(environment, Clock.systemUTC()));
  }

  private void takeAll(Principal caller) {
    for (int i = 0; i < 3; i++) {
      assertThat(quota.take(id, caller, NOW)).isEmpty();
    }
  }

  @Test
  void whenAllAreTakenThereAreNoneLeftUntilMidnight() {
    takeAll(device);
    assertThat(quota.take(id, device, NOW)).contains(UNTIL_MIDNIGHT);
    assertThat(quota.take(id, device, NOW.plus(UNTIL_MIDNIGHT).minusMillis(1)))
        .contains(Duration.ofMillis(1));
    assertThat(quota.take(id, device, NOW.plus(UNTIL_MIDNIGHT))).isEmpty();
  }

  @Test
  void peopleDoNotUseUpWhatADeviceHasForItself() {
    takeAll(owner);
    assertThat(quota.take(id, device, NOW)).isEmpty();
  }

  @Test
  void allPeopleTogetherHaveSoMany() {
    takeAll(owner);
    Principal operator = new Principal(Kind.OPERATOR, "olga", NOW);
    assertThat(quota.take(id, operator, NOW)).contains(UNTIL_MIDNIGHT);
  }

  @Test
  void anotherDeviceHasItsOwn() {
    takeAll(device);
    String other = unique("device");
    assertThat(quota.take(other, new Principal(Kind.DEVICE, other, NOW), NOW)).isEmpty();
  }

  @Test
  void aUserHasSoManyForAllDevicesTogether() {
    for (int i = 0; i < 3; i++) {
      assertThat(quota.take(unique("device"), owner, NOW)).isEmpty();
    }
    assertThat(quota.take(id, owner, NOW)).contains(UNTIL_MIDNIGHT);
    assertThat(quota.take(id, owner, NOW.plus(UNTIL_MIDNIGHT))).isEmpty();
  }

  @Test
  void anOperatorHasSoManyForEachDevice() {
    Principal operator = new Principal(Kind.OPERATOR, "olga", NOW);
    for (int i = 0; i < 5; i++) {
      assertThat(quota.take(unique("device"), operator, NOW)).isEmpty();
    }
  }

  @Test
  void aUserIsNotChargedForWhatTheDeviceIsRefused() {
    takeAll(new Principal(Kind.OPERATOR, "olga", NOW));
    for (int i = 0; i < 5; i++) {
      assertThat(quota.take(id, owner, NOW)).isPresent();
    }
    assertThat(quota.take(unique("device"), owner, NOW)).isEmpty();
  }

  @Test
  void whatAUserGivesBackCanBeTakenAgainForAnyDevice() {
    takeAll(owner);
    quota.giveBack(id, owner, NOW);
    assertThat(quota.take(unique("device"), owner, NOW)).isEmpty();
    assertThat(quota.take(id, owner, NOW)).isPresent();
  }

  @Test
  void aUserOfADevicesNameIsNotThatDevice() {
    takeAll(new Principal(Kind.USER, id, NOW));
    assertThat(quota.take(id, device, NOW)).isEmpty();
  }

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    takeAll(device);
    quota.giveBack(id, device, NOW);
    assertThat(quota.take(id, device, NOW)).isEmpty();
    assertThat(quota.take(id, device, NOW)).isPresent();
  }

  @Test
  void howeverManyComeAtOnceNoMoreAreTaken() {
    long taken = IntStream.range(0, 30)
        .parallel()
        .mapToObj(i -> quota.take(id, device, NOW))
        .filter(Optional::isEmpty)
        .count();
    assertThat(taken).isEqualTo(3);
  }

  /** What is left of it is a 400 that says nothing, which is no mistake of ours. */
  @Test
  void aRefusalThatWasCutOnItsWayIsAnOutage() throws Exception {
    takeAll(device);
    URI dynamoDb = URI.create(environment.get("AWS_ENDPOINT_URL_DYNAMODB"));
    try (FaultyWire wire = new FaultyWire(dynamoDb, Faults.always(Fault.CUT_ANSWER))) {
      environment.put("AWS_ENDPOINT_URL_DYNAMODB", wire.endpoint().toString());
      Failure failure = catchThrowableOfType(Failure.class, () -> quota().take(id, device, NOW));
      assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }
  }

  @Test
  void anOutageIsAnOutage() {
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1");
    Failure failure = catchThrowableOfType(Failure.class, () -> quota().take(id, device, NOW));
    assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
  }
}
