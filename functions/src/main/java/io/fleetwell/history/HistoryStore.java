package io.fleetwell.history;

import io.fleetwell.paging.Page;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores the events of devices for as long as the deployment says, and those of firmware for ever. The store of the changed
 * record writes a change and its event in one step. Refused claims, which change nothing, and acts of many steps are added
 * here.
 *
 * <p>An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface HistoryStore {
  /** The most claims of a user within a day of UTC: those that succeed, and the entries of those that are refused. */
  int MAX_CLAIMS_A_DAY = 1_000;

  /** The most changes that a device makes to its keys and its claim code within a day of UTC. */
  int MAX_CHANGES_A_DAY = 100;

  /**
   * Adds a refused claim. Those of one user on one day (UTC) are one entry, so nobody can fill a device's history with
   * them. The entry has the time and the position of the first, and everything else of the latest.
   *
   * <p>A retry after a lost answer does not count twice, unless another refusal of the same user came in between.
   *
   * @return false if the entry would exceed {@link #MAX_CLAIMS_A_DAY}; nothing is added then
   */
  boolean addRefusal(HistoryEvent refusal);

  /**
   * The history of a device, newest first, with every event that was acknowledged before.
   *
   * @param after the position that the page comes after
   * @param limit the most entries on the page, 1 to 100
   * @param now hides entries that have expired but are not deleted yet
   */
  Page<HistoryEntry> of(String deviceId, Optional<HistoryPosition> after, int limit, Instant now);

  /**
   * Adds an act of many steps before the first of them, or replaces it after the last. So the audit log shows it even if the
   * function ends in between.
   */
  void put(HistoryEvent act);

  /** Removes an act that {@link #put} added, because none of its steps changed anything. */
  void remove(HistoryEvent act);

  /**
   * The acts of operators, newest first. Those of one subject include every one that was acknowledged before. The others come
   * from an index, which may be a moment behind.
   *
   * @param after the position that the page comes after
   * @param limit the most entries on the page, 1 to 100
   * @param now hides entries that have expired but are not deleted yet
   */
  AuditPage audit(
      AuditSelection selection, Optional<HistoryPosition> after, int limit, Instant now);
}
