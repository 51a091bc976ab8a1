package io.fleetwell.device;

import io.fleetwell.aws.Aws;
import io.fleetwell.device.ClaimAttempts.Attempt;
import io.fleetwell.device.ClaimOutcome.AttemptNeeded;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.history.HistoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Carries out claims. An attempt is taken before a claim code is compared, and given back when the code is right. The
 * device's history records every result, except that the user has too many devices.
 */
final class Claims {
  private final DeviceStore devices;
  private final ClaimAttempts attempts;
  private final HistoryStore history;
  private final Clock clock;

  Claims(DeviceStore devices, ClaimAttempts attempts, HistoryStore history, Clock clock) {
    this.devices = devices;
    this.attempts = attempts;
    this.history = history;
    this.clock = clock;
  }

  static Claims from(Aws aws) {
    return new Claims(
        DynamoDbDeviceStore.from(aws),
        DynamoDbClaimAttempts.from(aws),
        DynamoDbHistoryStore.from(aws),
        aws.clock());
  }

  /** Makes the user the owner, or refuses the claim; throws {@code TOO_MANY_DEVICES} or {@code UNAVAILABLE}. */
  ClaimOutcome claim(String deviceId, ClaimRequest request) {
    ClaimOutcome outcome = change(deviceId, request, false);
    if (!(outcome instanceof AttemptNeeded needed)) {
      return outcome;
    }
    DeviceSnapshot before = needed.before();
    Attempt attempt = new Attempt(deviceId, request.actor().caller().id(), request.claimId());
    Instant now = clock.instant();
    Optional<Duration> wait = attempts.take(attempt, now);
    if (wait.isPresent()) {
      ClaimOutcome refused =
          OwnershipRule.refuse(before, DeviceFailures.tooManyWrongCodes(wait.get()), request, now);
      refused.events().forEach(history::addRefusal);
      return refused;
    }
    if (OwnershipRule.isProven(before, request)) {
      attempts.giveBack(attempt);
    }
    return change(deviceId, request, true);
  }

  private ClaimOutcome change(String deviceId, ClaimRequest request, boolean attemptTaken) {
    return devices.claim(
        deviceId,
        request.actor().caller().id(),
        before -> OwnershipRule.claim(before, request, attemptTaken, clock.instant()));
  }
}
