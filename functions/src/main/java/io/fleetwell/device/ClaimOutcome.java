package io.fleetwell.device;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.ids.UtcDay;
import java.util.List;

/** The result of a claim. */
sealed interface ClaimOutcome extends DeviceChange {
  /**
   * The user becomes the owner.
   *
   * @param day the day for which the claim counts
   * @param tooOften the outcome instead, if the user has claimed the device too often on that day
   */
  record Claimed(
      DeviceSnapshot before,
      DeviceSnapshot after,
      List<HistoryEvent> events,
      UtcDay day,
      Refused tooOften)
      implements ClaimOutcome {}

  /** The same claim was written before, and only its answer was lost. */
  record Repeated(DeviceSnapshot before) implements ClaimOutcome {}

  /** The device does not change. The name of the failure's kind is in the event and in the metric. */
  record Refused(DeviceSnapshot before, Failure failure, List<HistoryEvent> events)
      implements ClaimOutcome {
    FailureKind reason() {
      return failure.kind();
    }
  }

  /** Nothing has changed yet: an attempt must be taken before the claim's code is compared. */
  record AttemptNeeded(DeviceSnapshot before) implements ClaimOutcome {}
}
