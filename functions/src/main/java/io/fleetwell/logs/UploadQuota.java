package io.fleetwell.logs;

import io.fleetwell.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Counts the uploads of a device within one day of UTC: those that it sends itself, and apart from them those that
 * people send for it, since anyone may register a device that has no owner, and must not use up what it has for its own
 * crash dumps. A user has no more than that for all devices together, or they could claim one after the other, of any
 * id that they think of.
 *
 * <p>An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface UploadQuota {

  /**
   * Takes one upload, before it is stored: so no more are stored however many come at once. After an outage, one may
   * have been taken for nothing.
   *
   * @return how long there will be none left; empty when one was taken
   */
  Optional<Duration> take(String deviceId, Principal caller, Instant now);

  /**
   * Gives one back that was taken at that time, since it could not be stored. Never two, even where the store's answer is
   * lost, so what was stored and acknowledged is always counted.
   */
  void giveBack(String deviceId, Principal caller, Instant taken);
}
