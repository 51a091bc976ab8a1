package io.fleetwell.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditRangeTest {
  private static final Instant NOW = Instant.parse("2027-03-15T12:00:00Z");

  private static AuditRange range(String after, String before) {
    AuditSelection selection = new AuditSelection(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        time(after),
        time(before));
    return AuditRange.of(selection, Optional.empty(), NOW);
  }

  private static Optional<Instant> time(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
  }

  @Test
  void itGoesBackToTheFirstMonthOfTheLog() {
    assertThat(range("", "").months())
        .hasSize(15)
        .startsWith(YearMonth.of(2027, 3))
        .endsWith(AuditRange.FIRST_MONTH);
  }

  @Test
  void itEndsInTheMonthOfTheEarliestTime() {
    assertThat(range("2027-01-31T23:59:59.998Z", "2027-02-01T00:00:00.001Z").months())
        .containsExactly(YearMonth.of(2027, 2), YearMonth.of(2027, 1));
  }

  /** An act may be a little later than the clock. */
  @Test
  void onTheLastDayOfAMonthItBeginsInTheNext() {
    AuditSelection all = new AuditSelection(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
    Instant lastDay = Instant.parse("2027-03-31T12:00:00Z");
    assertThat(AuditRange.of(all, Optional.empty(), lastDay).months())
        .startsWith(YearMonth.of(2027, 4));
  }

  @Test
  void itIsEmptyIfItEndsBeforeItBegins() {
    assertThat(range("2027-02-01T00:00:00Z", "2027-01-01T00:00:00Z").isEmpty()).isTrue();
    assertThat(range("2027-02-01T00:00:00Z", "2027-02-01T00:00:00.002Z").isEmpty())
        .isFalse();
  }
}
