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
      DeviceSnapshot before, FailureKind reason, DeviceEvent refusal, Optional<Duration> retryAfter)
      implements ClaimOutcome {
    @Override
    public DeviceSnapshot after() {
      return before;
    }

    @Override
    public Optional<DeviceEvent> event() {
      return Optional.of(refusal);
    }

    /** The refusal as its caller is told. */
    Failure failure() {
      if (retryAfter.isPresent()) {
        return Failure.retryAfter(reason, detail(), retryAfter.get());
      }
      return reason.equals(DeviceFailures.ALREADY_OWNED)
          ? Failure.of(reason, detail(), Map.of("yours", before.isOwned()))
          : Failure.of(reason, detail());
    }

    private String detail() {
      if (reason.equals(DeviceFailures.TOO_MANY_ATTEMPTS)) {
        return "There were too many wrong claim codes, for this device or from you: try again after the time in Retry-After.";
      }
      if (reason.equals(DeviceFailures.CLAIM_CODE)) {
        return "Send the device's claim code, which is on its box or its screen, as claimcode in a JSON body; this was none, or not the right one.";
      }
      return before.isOwned()
          ? "You own this device already."
          : "This device has an owner, who must release it first.";
    }
  }

  /** The claim's code has to be compared, and an attempt must be taken before that. Nothing has changed. */
  record AttemptNeeded(DeviceSnapshot before) implements ClaimOutcome {
    @Override
    public DeviceSnapshot after() {
      return before;
    }

    @Override
    public Optional<DeviceEvent> event() {
      return Optional.empty();
    }
  }
}
