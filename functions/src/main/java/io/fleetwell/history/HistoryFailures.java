package io.fleetwell.history;

import io.fleetwell.failure.Category;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.ids.UtcDay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How changes fail that a history has no room for. */
public final class HistoryFailures {
  public static final FailureKind TOO_MANY_CHANGES =
      new FailureKind(Category.TOO_MANY, "too-many-changes", "Too many changes");

  private HistoryFailures() {}

  /** The failure of a change with these events, of which there is at least one. */
  public static Failure tooManyChanges(List<HistoryEvent> events) {
    Instant time = events.get(0).time();
    return Failure.retryAfter(
        TOO_MANY_CHANGES,
        "This device changed its keys and its claim code %d times today: try again after the time in Retry-After."
            .formatted(HistoryStore.MAX_CHANGES_A_DAY),
        Duration.between(time, UtcDay.of(time).end()));
  }
}
