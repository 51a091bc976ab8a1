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
    List<ParsedVersion> parsed =
        new String(text, ISO_8859_1).lines().limit(AT_ONCE).map(Version::parse).toList();
    assertThat(parsed).allSatisfy(it -> assertThat(Version.parse(it.toString())).isEqualTo(it));
    List<Version> versions =
        parsed.stream().map(ParsedVersion::readable).flatMap(Optional::stream).toList();
    assertThat(versions)
        .allSatisfy(version -> assertThat(version.toString())
            .hasSizeLessThanOrEqualTo(VersionParser.MAX_LENGTH)
            .matches("[vV]?[0-9][0-9A-Za-z.+_-]*"));
    assertThat(VersionOrder.contradictions(versions)).isEmpty();
  }
}
