package io.fleetwell.history;

import io.fleetwell.history.HistoryEvent.What;
import java.time.Instant;
import java.util.Optional;

/**
 * Selects acts of the audit log. What is empty selects all.
 *
 * @param by the id or the name of the operator
 * @param after earlier than the acts
 * @param before later than the acts
 */
public record AuditSelection(
    Optional<What> action,
    Optional<String> by,
    Optional<String> deviceId,
    Optional<String> firmware,
    Optional<Instant> after,
    Optional<Instant> before) {
  /** The one subject whose acts it selects; empty if it selects acts of many. */
  Optional<Subject> subject() {
    return firmware.map(Subject::firmware).or(() -> deviceId.map(Subject::device));
  }

  /** Whether many events may have to be read to find one: those of others, or what users did to the same device. */
  boolean searches() {
    return action.isPresent() || by.isPresent() || deviceId.isPresent();
  }

  /** Whether it includes an event, apart from its time. */
  boolean includes(HistoryEvent event) {
    return event.audited()
        && (action.isEmpty() || event.is(action.get()))
        && (by.isEmpty() || isBy(event.by(), by.get()))
        && (deviceId.isEmpty() || deviceId.equals(event.subject().deviceId()))
        && (firmware.isEmpty() || firmware.equals(event.subject().firmware()));
  }

  private static boolean isBy(Author author, String asked) {
    return author.id().equals(asked) || author.name().equals(Optional.of(asked));
  }
}
