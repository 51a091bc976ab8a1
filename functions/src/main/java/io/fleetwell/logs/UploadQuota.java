package io.fleetwell.logs;

import io.fleetwell.auth.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Limits the uploads for a device within one day of UTC. The device's own uploads and those of people are counted apart:
 * anyone may register a device without an owner, and must not use up the uploads that it needs for its crash dumps. A
 * user has the same limit for all devices together. Otherwise they could invent ids, and claim one after the other.
 *
 * <p>An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface UploadQuota {
  /**
   * Takes one upload before the file is stored, so concurrent uploads cannot exceed the limit. After an outage, one may
   * have been taken for nothing.
   *
   * @return the wait until an upload is left again; empty when one was taken
   */
  Optional<Duration> take(String deviceId, Principal caller, Instant now);

  /**
   * Gives back an upload that could not be stored. It never gives back two, even if the store's answer is lost, so every
   * acknowledged file counts.
   *
   * @param taken when the upload was taken
   */
  void giveBack(String deviceId, Principal caller, Instant taken);
}
