package io.fleetwell.device;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Limits wrong claim codes to 5 of a user for a device and 20 of a user, in the hour that starts with the first one. Only
 * that user is refused, so nobody can lock another user out. It also counts codes for devices that do not exist. A code
 * is compared only after an attempt was taken.
 *
 * <p>An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface ClaimAttempts {
  int MAX_FOR_DEVICE = 5;
  int MAX_BY_USER = 20;
  Duration WINDOW = Duration.ofHours(1);

  /** The most claims of a user for a device within a day of UTC; the {@link DeviceStore} counts those that succeed. */
  int MAX_CLAIMS_A_DAY = 20;

  /**
   * An attempt of a user to guess the code of a device.
   *
   * @param id unique, so that an attempt that is taken or given back again after a lost answer counts once
   */
  record Attempt(String deviceId, String userId, String id) {}

  /**
   * Takes an attempt. This happens before the code is compared, so concurrent claims cannot exceed the limit. A claim
   * without a code takes none, since it guesses nothing. An attempt that an outage interrupts stays taken.
   *
   * @return the time until an attempt is left; empty when this one was taken
   */
  Optional<Duration> take(Attempt attempt, Instant now);

  /** Gives back an attempt whose code was right. */
  void giveBack(Attempt attempt);
}
