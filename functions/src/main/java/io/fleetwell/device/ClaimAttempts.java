package io.fleetwell.device;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Limits wrong claim codes to 5 per device and 20 per user, in the hour that starts with the first one. It also counts
 * them for devices that do not exist. A code is compared only after an attempt was taken.
 *
 * <p>An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface ClaimAttempts {
  int MAX_FOR_DEVICE = 5;
  int MAX_BY_USER = 20;
  Duration WINDOW = Duration.ofHours(1);

  /**
   * Takes one attempt. This happens before the code is compared, so concurrent claims cannot exceed the limit. A claim
   * without a code takes none, since it guesses nothing. An attempt that an outage interrupts stays taken.
   *
   * <p>If an answer of the store is lost, this may take two attempts, and {@link #giveBack} may give back two.
   *
   * @return the time until an attempt is left; empty when one was taken
   */
  Optional<Duration> take(String deviceId, String userId, Instant now);

  /** Gives back an attempt whose code was right. */
  void giveBack(String deviceId, String userId);
}
