package io.fleetwell.device;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.ClaimOutcome.Refused;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.revision.IfMatch;
import io.fleetwell.testing.faults.StaleSystem;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Claims during which the device changes, with DynamoDB. */
@ExtendWith(StaleSystem.class)
class ClaimsTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";
  private static final String WRONG = "7H3K-9QZM-2XW4-TD6Q";

  private final Aws aws;
  private final DeviceStore store;
  private final ClaimCodeChanges codes;
  private final String id = unique("device");

  ClaimsTest(Aws aws) {
    this.aws = aws;
    this.store = DynamoDbDeviceStore.from(aws);
    this.codes = new ClaimCodeChanges(store, Clock.systemUTC());
  }

  private static Actor actor(String user) {
    return new Actor(
        new Principal(Principal.Kind.USER, user, Instant.MAX), UUID.randomUUID().toString());
  }

  /** Runs an action on its first use, which is during the claim. */
  private static final class InterferingClock extends Clock {
    private final List<Runnable> meanwhile;

    InterferingClock(Runnable meanwhile) {
      this.meanwhile = new ArrayList<>(List.of(meanwhile));
    }

    @Override
    public Instant instant() {
      if (!meanwhile.isEmpty()) {
        meanwhile.remove(0).run();
      }
      return Instant.now();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("nothing here asks for another zone");
    }
  }

  /** The reason for a refusal, or empty if the claim succeeds. */
  private Optional<FailureKind> claim(String code, Runnable meanwhile) {
    return claim(unique("user"), code, meanwhile);
  }

  private Optional<FailureKind> claim(String user, String code, Runnable meanwhile) {
    Claims claims = new Claims(
        store,
        DynamoDbClaimAttempts.from(aws),
        DynamoDbHistoryStore.from(aws),
        new InterferingClock(meanwhile));
    ClaimRequest request = new ClaimRequest(
        UUID.randomUUID().toString(), Optional.of(code), IfMatch.NONE, actor(user));
    return claims.claim(id, request) instanceof Refused refused
        ? Optional.of(refused.reason())
        : Optional.empty();
  }

  private void setCode() {
    codes.set(id, CODE, actor("olga"));
  }

  private void removeCode() {
    codes.remove(id, actor("olga"));
  }

  @Test
  void aWrongCodeCountsIfTheCodeIsSetDuringTheClaim() {
    String user = unique("user");
    for (int i = 0; i < 5; i++) {
      assertThat(claim(user, WRONG, this::setCode)).contains(DeviceFailures.CLAIM_CODE);
      removeCode();
    }
    assertThat(claim(user, WRONG, this::setCode)).contains(DeviceFailures.TOO_MANY_ATTEMPTS);
    assertThat(store.read(id, Optional.empty()).hasOwner()).isFalse();
  }

  @Test
  void theRightCodeSucceedsIfTheCodeIsSetDuringTheClaim() {
    assertThat(claim(CODE, this::setCode)).isEmpty();
    assertThat(store.read(id, Optional.empty()).hasOwner()).isTrue();
  }

  @Test
  void aClaimWithoutACodeSucceedsIfTheCodeIsRemovedDuringTheClaim() {
    setCode();
    assertThat(claim(CODE, this::removeCode)).isEmpty();
    assertThat(store.read(id, Optional.empty()).hasOwner()).isTrue();
  }

  @Test
  void aClaimIsRefusedIfAnotherClaimSucceedsDuringIt() {
    setCode();
    Runnable another = () -> assertThat(claim(CODE, () -> {})).isEmpty();
    assertThat(claim(CODE, another)).contains(DeviceFailures.ALREADY_OWNED);
  }
}
