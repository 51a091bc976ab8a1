package io.fleetwell.device;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.DeviceEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The result of a claim. */
sealed interface ClaimOutcome extends DeviceChange {
  /**
   * The user owns the device.
   *
   * @param event empty when the same claim was written before and only its answer was lost
   */
  record Claimed(DeviceSnapshot before, DeviceSnapshot after, Optional<DeviceEvent> event)
      implements ClaimOutcome {}

  /**
   * The device does not change.
   *
   * @param reason its name is in the event and in the metric
   * @param retryAfter the time to wait before another try; empty when waiting does not help
   */
  record Refused(
      DeviceSnapshot before,
      FailureKind reason,
      Optional<DeviceEvent> event,
      Optional<Duration> retryAfter)
      implements ClaimOutcome {
    Failure failure() {
      if (retryAfter.isPresent()) {
        return Failure.retryAfter(
            reason,
            "There were too many wrong claim codes, for this device or from you: try again after the time in Retry-After.",
            retryAfter.get());
      }
      if (reason.equals(DeviceFailures.CLAIM_CODE)) {
        return Failure.of(
            reason,
            "The claim code is missing or wrong. Send the code from the device's box or screen as claimcode in a JSON body.");
      }
      String detail = before.isOwned()
          ? "You own this device already."
          : "This device has an owner, who must release it first.";
      return Failure.of(reason, detail, Map.of("yours", before.isOwned()));
    }
  }

  /** Nothing has changed yet: an attempt must be taken before the claim's code is compared. */
  record AttemptNeeded(DeviceSnapshot before) implements ClaimOutcome {}
}
