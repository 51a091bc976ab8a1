package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerialPatternTest {
  private static final String[] SERIALS = {
    "",
    "SN1",
    "SN12",
    "SN12-7",
    "SN12\n",
    "SN12\n7",
    "SN12\r7\u2028\u0085",
    "SN12序🔊",
    "SN12\uD83D",
    "sn127",
    "XSN127",
    "SN12.*"
  };

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SN12.*",
        "S.*",
        "SN12",
        "SN12.*7",
        "SN1.2*",
        "SN12\\.*",
        "SN12.",
        "(?s)SN12.*",
        ".*"
      })
  void aBeginningIsToldAsRe2TellsIt(String regex) {
    SerialPattern pattern = SerialPattern.compile(regex);
    assertThat(Stream.of(SERIALS))
        .allSatisfy(serial -> assertThat(pattern.matches(serial))
            .as(serial)
            .isEqualTo(pattern.re2().matches(serial)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SN12.*", "S.*", "0-_a.*"})
  void thesePatternsSayHowASerialNumberBegins(String regex) {
    assertThat(SerialPattern.compile(regex).beginning())
        .contains(regex.substring(0, regex.length() - 2));
  }
}
