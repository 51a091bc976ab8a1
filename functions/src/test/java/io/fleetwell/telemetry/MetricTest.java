package io.fleetwell.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricTest {
  @Test
  void charactersOutsideAsciiAreEncoded() {
    assertThat(Metric.by("ProductLine", "Højttaler \uD83D\uDD0A dk", "Checks").dimensions())
        .isEqualTo(Map.of("ProductLine", "H%C3%B8jttaler %F0%9F%94%8A dk"));
  }

  @Test
  void aValueIsCutToCloudWatchsLimit() {
    assertThat(Metric.by("ProductLine", "ø".repeat(500), "Checks").dimensions())
        .hasEntrySatisfying("ProductLine", value -> assertThat(value).hasSize(1_024));
  }
}
