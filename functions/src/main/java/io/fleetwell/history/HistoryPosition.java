package io.fleetwell.history;

import io.fleetwell.paging.Position;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The position of an entry in a device's history, a text that sorts by time, then by version: milliseconds since 1970, the
 * version, the request's id and what happened.
 */
public record HistoryPosition(String text) implements Position {
  private static final Pattern SYNTAX = Pattern.compile("[0-9]{15}-[0-9]{10,19}-[!-~]{1,256}");

  /** Throws {@code IllegalArgumentException} unless the text can be a position. */
  public HistoryPosition {
    if (!SYNTAX.matcher(text).matches()) {
      throw new IllegalArgumentException("not a position in a history");
    }
  }

  static HistoryPosition of(DeviceEvent event) {
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

  boolean isBefore(Instant time) {
    return text.compareTo(startAt(time)) < 0;
  }
}
