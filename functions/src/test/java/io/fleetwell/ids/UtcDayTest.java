package io.fleetwell.ids;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcDayTest {
  @ParameterizedTest
  @ValueSource(strings = {"2026-12-31T00:00:00Z", "2026-12-31T23:59:59.999Z"})
  void aDayLastsUntilMidnightInUtc(String time) {
    UtcDay day = UtcDay.of(Instant.parse(time));
    assertThat(day).hasToString("2026-12-31");
    assertThat(day.end()).isEqualTo("2027-01-01T00:00:00Z");
  }
}
