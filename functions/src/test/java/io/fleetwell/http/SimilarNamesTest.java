package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimilarNamesTest {
  private static final Set<String> KNOWN =
      Set.of("id", "test", "limit", "region", "version", "devicetype", "serial-regex");

  @ParameterizedTest
  @CsvSource({
    "verison, version",
    "versoin, version",
    "versions, version",
    "Version, version",
    "VERSION, version",
    "regoin, region",
    "limits, limit",
    "tset, test",
    "ids, id",
    "device-type, devicetype",
    "devicetyp, devicetype",
    "deviceype, devicetype",
    "serialregex, serial-regex",
    "serial_regexp, serial-regex",
  })
  void aMistypedNameIsRecognized(String given, String meant) {
    assertThat(SimilarNames.of(given, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "q", "next", "type", "serial", "deviceid", "vrsn", "limitations", "xlmtx"
      })
  void anotherNameIsNotTakenForAKnownOne(String given) {
    assertThat(SimilarNames.of(given, KNOWN)).isEmpty();
  }

  @Test
  void ofTwoSimilarNamesNoneIsChosen() {
    assertThat(SimilarNames.of("seenbefor", Set.of("seenbefore", "seenafter")))
        .contains("seenbefore");
    assertThat(SimilarNames.of("lest", Set.of("test", "last"))).isEmpty();
  }

  @Test
  void aVeryLongNameIsCompared() {
    assertThat(SimilarNames.of("version".repeat(1_400), KNOWN)).isEmpty();
  }
}
