package io.fleetwell.ids;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A day of UTC, for which calls are counted. Its text is the date: {@code 2026-11-27}. */
public record UtcDay(LocalDate date) {
  public static UtcDay of(Instant time) {
    return new UtcDay(LocalDate.ofInstant(time, ZoneOffset.UTC));
  }

  /** The first moment of the next day. */
  public Instant end() {
    return date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  @Override
  public String toString() {
    return date.toString();
  }
}
