package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProductLineTest {
  private static ProductLine speakersIn(String region) {
    return new ProductLine("Speaker", region);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dk", "DK", "Dk", "dK"})
  void theCaseOfTheRegionMakesNoDifference(String region) {
    assertThat(speakersIn(region).canonical()).isEqualTo(speakersIn("dk"));
  }

  @Test
  void theCaseOfTheTypeMakesADifference() {
    assertThat(new ProductLine("speaker", "dk").canonical()).isNotEqualTo(speakersIn("dk"));
  }

  @Test
  void firmwareOfEarlierReleasesMayBeStoredInUpperCaseOrAsWritten() {
    assertThat(speakersIn("dk").stored()).containsExactly(speakersIn("dk"), speakersIn("DK"));
    assertThat(speakersIn("DK").stored()).containsExactly(speakersIn("dk"), speakersIn("DK"));
    assertThat(speakersIn("en-Gb").stored())
        .containsExactly(speakersIn("en-gb"), speakersIn("EN-GB"), speakersIn("en-Gb"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "1", "4_4"})
  void aRegionWithoutLettersIsStoredUnderOneLine(String region) {
    assertThat(speakersIn(region).stored()).containsExactly(speakersIn(region));
  }
}
