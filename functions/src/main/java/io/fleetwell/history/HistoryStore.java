package io.fleetwell.history;

import io.fleetwell.paging.Page;
import java.time.Instant;
import java.util.Optional;

/**
 * Stores the events of devices for as long as the deployment says. The store of the changed record writes a change and
 * its event in one step. Events without a change, such as refused claims, are added here.
 *
 * <p>An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface HistoryStore {
  /** Adds an event. A retry after a lost answer does not add it twice. */
  void add(DeviceEvent event);

  /**
   * The events of a device, newest first, with every event that was acknowledged before.
   *
   * @param after the {@link DeviceEvent#position} that the page comes after
   * @param limit the most events on the page, 1 to 100
   * @param now hides events that have expired but are not deleted yet
   */
  Page<DeviceEvent> of(String deviceId, Optional<String> after, int limit, Instant now);
}
