package io.fleetwell.firmware;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;

class VersionFuzzTest {
  private static final int AT_ONCE = 8;

  /** The input has one version on each line. */
  @FuzzTest
  void theOrderIsTotal(byte[] text) {
    List<Version> versions = new String(text, ISO_8859_1)
        .lines()
        .map(Version::parse)
        .flatMap(Optional::stream)
        .limit(AT_ONCE)
        .toList();
    assertThat(versions).allSatisfy(version -> {
      assertThat(Version.parse(version.toString())).contains(version);
      assertThat(version.toString())
          .hasSizeLessThanOrEqualTo(Version.MAX_LENGTH)
          .matches("[vV]?[0-9][0-9A-Za-z.+_-]*");
    });
    assertThat(VersionOrder.contradictions(versions)).isEmpty();
  }
}
