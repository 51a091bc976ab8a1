package io.fleetwell.device;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.DeviceEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What comes of a claim. */
sealed interface ClaimOutcome extends DeviceChange {
  /**
   * The user owns the device.
   *
   * @param event empty when this very claim had been written before, and only its answer was lost
   */
  record Claimed(DeviceSnapshot before, DeviceSnapshot after, Optional<DeviceEvent> event)
      implements ClaimOutcome {}

  /**
   * The device stays as it was.
   *
   * @param reason why; its name is in the event and in the metric
   * @param retryAfter how long to wait before another try; empty when waiting is no help
   */
  record Refused(
      DeviceSnapshot before,
      FailureKind reason,
      Optional<DeviceEvent> event,
      Optional<Duration> retryAfter)
      implements ClaimOutcome {
    /** The refusal as its caller is told. */
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
            "Send the device's claim code, which is on its box or its screen, as claimcode in a JSON body; this was none, or not the right one.");
      }
      String detail = before.isOwned()
          ? "You own this device already."
          : "This device has an owner, who must release it first.";
      return Failure.of(reason, detail, Map.of("yours", before.isOwned()));
    }
  }

  /** The claim's code has to be compared, and an attempt must be taken before that. Nothing has changed. */
  record AttemptNeeded(DeviceSnapshot before) implements ClaimOutcome {}
}
