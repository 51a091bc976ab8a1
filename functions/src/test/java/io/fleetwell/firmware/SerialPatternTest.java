package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SerialPatternTest {
  @ParameterizedTest
  @CsvSource({
    "SN12.*, SN12-7, true",
    "SN12.*, XSN12-7, false",
    "SN12.*, sn12-7, false",
    "SN12, SN12, true",
    "SN12, SN127, false",
    "SN12.*7, SN12-7, true",
    "SN12.*7, SN12-78, false",
    "SN12.*, SN12序🔊, true",
    "SN12., SN12, false",
  })
  void aPatternMatchesOnlyAWholeSerialNumber(String regex, String serial, boolean matches) {
    assertThat(SerialPattern.compile(regex).matches(serial)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({"SN12.*, false", "(?s)SN12.*, true"})
  void aDotMatchesALineFeedOnlyWithTheFlagS(String regex, boolean matches) {
    assertThat(SerialPattern.compile(regex).matches("SN12\n7")).isEqualTo(matches);
  }
}
