package io.fleetwell.history;

import io.fleetwell.paging.Position;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The position of an entry in a device's history or in the audit log, a text that sorts by time, then by version: milliseconds
 * since 1970, the version, the request's id and what happened.
 */
public record HistoryPosition(String text) implements Position {
  private static final Pattern SYNTAX = Pattern.compile("[0-9]{15}-[0-9]{10,19}-[!-~]{1,256}");

  private static final int TIME_DIGITS = 15;

  /** Throws {@code IllegalArgumentException} unless the text can be a position. */
  public HistoryPosition {
    if (!SYNTAX.matcher(text).matches()) {
      throw new IllegalArgumentException("not a position in a history");
    }
  }

  static HistoryPosition of(HistoryEvent event) {
    return new HistoryPosition("%s-%010d-%s-%s"
        .formatted(startAt(event.time()), event.version(), event.requestId(), event.what()));
  }

  /** Reads a position that a caller sent; empty if no entry can have it. */
  static Optional<HistoryPosition> parse(String text) {
    return SYNTAX.matcher(text).matches()
        ? Optional.of(new HistoryPosition(text))
        : Optional.empty();
  }

  /** The text with which all positions at a time start. It sorts before them. */
  static String startAt(Instant time) {
    return "%015d".formatted(time.toEpochMilli());
  }

  /** The position of no entry, before all that are at this time or later. */
  static HistoryPosition before(Instant time) {
    return new HistoryPosition("%s-%010d-!".formatted(startAt(time), 0));
  }

  /** The time with which a position starts. */
  static Instant timeOf(String position) {
    return Instant.ofEpochMilli(Long.parseLong(position.substring(0, TIME_DIGITS)));
  }

  boolean isBefore(Instant time) {
    return text.compareTo(startAt(time)) < 0;
  }
}
