package io.fleetwell.device;

import io.fleetwell.aws.Aws;
import io.fleetwell.device.ClaimOutcome.AttemptNeeded;
import io.fleetwell.device.ClaimOutcome.Refused;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.history.HistoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Carries out claims. An attempt is taken before a claim code is compared, and given back when the code was right. The
 * device's history has every outcome, except that the user has too many devices.
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

  /**
   * Makes a user the owner, or refuses it.
   *
   * @throws io.fleetwell.failure.Failure {@code TOO_MANY_DEVICES}, {@code UNAVAILABLE}
   */
  ClaimOutcome claim(String deviceId, ClaimRequest request) {
    ClaimOutcome outcome = change(deviceId, request, false);
    if (!(outcome instanceof AttemptNeeded needed)) {
      return outcome;
    }
    Optional<Refused> noneLeft = takeAttempt(needed.before(), request);
    return noneLeft.isPresent() ? noneLeft.get() : change(deviceId, request, true);
  }

  private ClaimOutcome change(String deviceId, ClaimRequest request, boolean attemptTaken) {
    return devices.change(
        deviceId,
        request.actor().caller().userId(),
        before -> OwnershipRule.claim(before, request, attemptTaken, clock.instant()));
  }

  /** Takes an attempt; refuses the claim when none is left. */
  private Optional<Refused> takeAttempt(DeviceSnapshot seen, ClaimRequest request) {
    Instant now = clock.instant();
    String user = request.actor().caller().id();
    Optional<Duration> wait = attempts.take(seen.deviceId(), user, now);
    if (wait.isPresent()) {
      Refused refused =
          OwnershipRule.refuse(seen, DeviceFailures.TOO_MANY_ATTEMPTS, request, wait, now);
      history.add(refused.refusal());
      return Optional.of(refused);
    }
    if (OwnershipRule.isProven(seen, request)) {
      attempts.giveBack(seen.deviceId(), user);
    }
    return Optional.empty();
  }
}
