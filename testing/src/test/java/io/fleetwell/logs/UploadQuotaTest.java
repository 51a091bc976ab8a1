package io.fleetwell.logs;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.logs.Sender.Kind;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultyWire;
import io.fleetwell.testing.faults.StaleSystem;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the contract of {@link UploadQuota} with DynamoDB. */
@ExtendWith(StaleSystem.class)
class UploadQuotaTest {
  /** A quarter of an hour before midnight, in the future, so that DynamoDB deletes no expired item. */
  private static final Instant NOW = Instant.parse("2036-11-23T23:45:00.5Z");

  private static final Duration UNTIL_MIDNIGHT = Duration.ofMinutes(15).minusMillis(500);

  private final Map<String, String> environment;
  private final UploadQuota quota;
  private final String id = unique("device");
  private final Sender device = new Sender(Kind.DEVICE, id);
  private final Sender owner = new Sender(Kind.OWNER, unique("owner"));
  private final Sender user = new Sender(Kind.USER, unique("user"));
  private final Sender operator = new Sender(Kind.OPERATOR, "olga");

  UploadQuotaTest(LocalSystem system) {
    this.environment = new HashMap<>(system.environment());
    environment.put("UPLOADS_PER_DAY", "3");
    this.quota = quota();
  }

  private UploadQuota quota() {
    return DynamoDbUploadQuota.from(new Aws(environment, Clock.systemUTC()));
  }

  private void takeAll(Sender sender) {
    for (int i = 0; i < 3; i++) {
      assertThat(quota.take(id, sender, NOW)).isEmpty();
    }
  }

  @Test
  void aUsedUpQuotaIsRestoredAtMidnight() {
    takeAll(device);
    assertThat(quota.take(id, device, NOW)).contains(UNTIL_MIDNIGHT);
    assertThat(quota.take(id, device, NOW.plus(UNTIL_MIDNIGHT).minusMillis(1)))
        .contains(Duration.ofMillis(1));
    assertThat(quota.take(id, device, NOW.plus(UNTIL_MIDNIGHT))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void noKindOfSenderUsesTheQuotaOfAnother(Kind kind) {
    takeAll(new Sender(kind, kind == Kind.DEVICE ? id : unique("sender")));
    for (Sender other : List.of(device, owner, user, operator)) {
      if (other.kind() != kind) {
        assertThat(quota.take(id, other, NOW)).as("%s", other.kind()).isEmpty();
      }
    }
  }

  @Test
  void aDeviceHasOneQuotaForAllOperators() {
    takeAll(operator);
    assertThat(quota.take(id, new Sender(Kind.OPERATOR, "otto"), NOW)).contains(UNTIL_MIDNIGHT);
  }

  @Test
  void aDeviceHasOneQuotaForAllUsersWhoDoNotOwnIt() {
    takeAll(user);
    Sender another = new Sender(Kind.USER, unique("user"));
    assertThat(quota.take(id, another, NOW)).contains(UNTIL_MIDNIGHT);
  }

  @Test
  void anOwnerDoesNotUseTheQuotaOfTheNextOne() {
    takeAll(owner);
    assertThat(quota.take(id, new Sender(Kind.OWNER, unique("owner")), NOW)).isEmpty();
  }

  @Test
  void aUserHasOneQuotaAsOwnerAndAsUser() {
    takeAll(owner);
    assertThat(quota.take(unique("device"), new Sender(Kind.USER, owner.id()), NOW))
        .contains(UNTIL_MIDNIGHT);
  }

  @Test
  void eachDeviceHasItsOwnQuota() {
    takeAll(device);
    String other = unique("device");
    assertThat(quota.take(other, new Sender(Kind.DEVICE, other), NOW)).isEmpty();
  }

  @Test
  void aUserHasOneQuotaForAllDevices() {
    for (int i = 0; i < 3; i++) {
      assertThat(quota.take(unique("device"), owner, NOW)).isEmpty();
    }
    assertThat(quota.take(id, owner, NOW)).contains(UNTIL_MIDNIGHT);
    assertThat(quota.take(id, owner, NOW.plus(UNTIL_MIDNIGHT))).isEmpty();
  }

  @Test
  void anOperatorHasNoQuotaOverAllDevices() {
    for (int i = 0; i < 5; i++) {
      assertThat(quota.take(unique("device"), operator, NOW)).isEmpty();
    }
  }

  @Test
  void aRefusalForTheDeviceDoesNotUseTheQuotaOfTheUser() {
    takeAll(new Sender(Kind.USER, unique("another")));
    for (int i = 0; i < 5; i++) {
      assertThat(quota.take(id, user, NOW)).isPresent();
    }
    assertThat(quota.take(unique("device"), user, NOW)).isEmpty();
  }

  @Test
  void anUploadReturnedByAUserCanBeTakenForAnyDevice() {
    takeAll(user);
    quota.giveBack(id, user, NOW);
    assertThat(quota.take(unique("device"), user, NOW)).isEmpty();
    assertThat(quota.take(id, user, NOW)).isPresent();
  }

  @Test
  void aUserWithTheIdOfADeviceHasASeparateQuota() {
    takeAll(new Sender(Kind.USER, id));
    assertThat(quota.take(id, device, NOW)).isEmpty();
  }

  @Test
  void aReturnedUploadCanBeTakenAgain() {
    takeAll(device);
    quota.giveBack(id, device, NOW);
    assertThat(quota.take(id, device, NOW)).isEmpty();
    assertThat(quota.take(id, device, NOW)).isPresent();
  }

  @Test
  void concurrentUploadsCannotExceedTheQuota() {
    long taken = IntStream.range(0, 30)
        .parallel()
        .mapToObj(i -> quota.take(id, device, NOW))
        .filter(Optional::isEmpty)
        .count();
    assertThat(taken).isEqualTo(3);
  }

  /** A truncated refusal is a 400 without an error code. It must not be taken for a bug in Fleetwell. */
  @Test
  void aTruncatedRefusalIsAnOutage() throws Exception {
    takeAll(device);
    URI dynamoDb = URI.create(environment.get(Aws.DYNAMODB_ENDPOINT));
    try (FaultyWire wire = new FaultyWire(dynamoDb, Faults.always(Fault.CUT_ANSWER))) {
      environment.put(Aws.DYNAMODB_ENDPOINT, wire.endpoint().toString());
      Failure failure = catchThrowableOfType(Failure.class, () -> quota().take(id, device, NOW));
      assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
    }
  }

  @Test
  void anOutageIsAFailure() {
    environment.put(Aws.DYNAMODB_ENDPOINT, "http://127.0.0.1:1");
    Failure failure = catchThrowableOfType(Failure.class, () -> quota().take(id, device, NOW));
    assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
  }
}
