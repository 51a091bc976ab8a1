package io.fleetwell.logs;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Limits the uploads within one day of UTC. Each of these may upload the same number of files:
 *
 * <ul>
 *   <li>a device, of itself
 *   <li>a user, for all devices together: otherwise they could invent ids, and claim one after the other
 *   <li>all users together, for one device that nobody owns: anyone may register it
 *   <li>all operators together, for one device
 * </ul>
 *
 * <p>So nobody can use up the uploads of another kind of sender, and no owner those of the next.
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
  Optional<Duration> take(String deviceId, Sender sender, Instant now);

  /**
   * Gives back an upload that could not be stored. It never gives back two, even if the store's answer is lost, so every
   * acknowledged file counts.
   *
   * @param taken when the upload was taken
   */
  void giveBack(String deviceId, Sender sender, Instant taken);
}
