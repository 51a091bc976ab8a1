package io.fleetwell.history;

import io.fleetwell.paging.Page;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores the events of devices for as long as the deployment says. The store of the changed record writes a change and
 * its event in one step. Refused claims, which change nothing, are added here.
 *
 * <p>An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface HistoryStore {
  /**
   * Adds a refused claim. Those of one user on one day (UTC) are one entry, so nobody can fill a device's history with
   * them. The entry has the time and the position of the first, and everything else of the latest.
   *
   * <p>A retry after a lost answer does not count twice, unless another refusal of the same user came in between.
   */
  void addRefusal(DeviceEvent refusal);

  /**
   * The history of a device, newest first, with every event that was acknowledged before.
   *
   * @param after the position that the page comes after
   * @param limit the most entries on the page, 1 to 100
   * @param now hides entries that have expired but are not deleted yet
   */
  Page<HistoryEntry> of(String deviceId, Optional<HistoryPosition> after, int limit, Instant now);
}
