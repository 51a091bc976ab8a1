package io.fleetwell.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.history.HistoryEvent.What;
import java.time.Instant;

/**
 * An entry in the history of a device: one event, or all refused claims of a user on a day.
 *
 * @param position where it is in the list
 * @param event the event. If the entry is several refused claims, it is the latest of them, with the time of the first.
 * @param count how many refused claims these are; 1 for other events
 * @param last the time of the latest
 */
public record HistoryEntry(HistoryPosition position, HistoryEvent event, long count, Instant last) {
  public ObjectNode json() {
    ObjectNode json = event.json();
    return event.is(What.CLAIM_REFUSED)
        ? json.put("count", count).put("last", last.toString())
        : json;
  }
}
