package io.fleetwell.history;

import io.fleetwell.paging.Page;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps what happened to devices for as long as the deployment says. A change and what tells of it are written in one
 * step by the store of what is changed; what changed nothing, such as a refused claim, is added here.
 *
 * <p>An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}.
 */
public interface HistoryStore {
  /** Adds what happened; once, though an answer may be lost on the way. */
  void add(DeviceEvent event);

  /**
   * What happened to a device, the newest first. It holds everything that was acknowledged before.
   *
   * @param after the {@link DeviceEvent#position} that the page comes after
   * @param limit the most events on the page, 1 to 100
   * @param now what is older than events are kept is not shown, though it may not have been deleted yet
   */
  Page<DeviceEvent> of(String deviceId, Optional<String> after, int limit, Instant now);
}
