package io.fleetwell.device;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Counts wrong claim codes, by device and by user, whether there is such a device or not: 5 for a device and 20 by a
 * user within an hour of the first of them. A code is compared only while there is an attempt left.
 *
 * <p>An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface ClaimAttempts {
  int MAX_FOR_DEVICE = 5;
  int MAX_BY_USER = 20;
  Duration WINDOW = Duration.ofHours(1);

  /**
   * Takes one attempt, before the code is compared: so no more are compared however many come at once. Where the store's
   * answer is lost, it may take two; and {@link #giveBack} may give back two.
   *
   * @return how long there will be no attempt left; empty when one was taken
   */
  Optional<Duration> take(String deviceId, String userId, Instant now);

  /** Gives an attempt back, since its code was right. */
  void giveBack(String deviceId, String userId);
}
