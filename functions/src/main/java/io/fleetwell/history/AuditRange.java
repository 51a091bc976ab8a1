package io.fleetwell.history;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The part of the audit log that is searched for a page, by positions.
 *
 * @param oldest sorts before all positions in the range
 * @param newest sorts after all positions in the range, or is the position that the page comes after
 */
record AuditRange(String oldest, String newest) {
  /** No act is older. Earlier releases noted no months. */
  static final YearMonth FIRST_MONTH = YearMonth.of(2026, 1);

  /** How far an act may be in the future: it is later than the one before, whose author's clock may have been ahead. */
  private static final Duration AHEAD = Duration.ofDays(1);

  static AuditRange of(AuditSelection selection, Optional<HistoryPosition> after, Instant now) {
    // Positions have milliseconds. The first one later is that of the next.
    Instant oldest = selection
        .after()
        .map(time -> time.truncatedTo(ChronoUnit.MILLIS).plusMillis(1))
        .orElse(Instant.EPOCH);
    String newest = HistoryPosition.startAt(selection.before().orElse(now.plus(AHEAD)));
    return new AuditRange(
        HistoryPosition.startAt(oldest),
        after.map(HistoryPosition::text).filter(it -> it.compareTo(newest) < 0).orElse(newest));
  }

  boolean isEmpty() {
    return newest.compareTo(oldest) < 0;
  }

  /** The months that it touches, newest first. */
  Stream<YearMonth> months() {
    YearMonth first = monthOf(oldest).isBefore(FIRST_MONTH) ? FIRST_MONTH : monthOf(oldest);
    return Stream.iterate(
        monthOf(newest), month -> !month.isBefore(first), month -> month.minusMonths(1));
  }

  private static YearMonth monthOf(String position) {
    return monthOf(HistoryPosition.timeOf(position));
  }

  /** The month (UTC) of a time. */
  static YearMonth monthOf(Instant time) {
    return YearMonth.from(time.atZone(ZoneOffset.UTC));
  }

  /** The position before all acts of a month. */
  static HistoryPosition startOf(YearMonth month) {
    return HistoryPosition.before(month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC));
  }
}
