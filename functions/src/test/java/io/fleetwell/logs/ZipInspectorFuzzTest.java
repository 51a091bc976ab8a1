package io.fleetwell.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** It starts from the files of {@link ZipCorpus}. */
class ZipInspectorFuzzTest {
  private static final int MAX_ENTRIES = 100;
  private static final long MAX_SIZE = 20_000_000;

  @FuzzTest
  void whatIsAcceptedReadsOneWay(byte[] zip) throws IOException {
    if (ZipInspector.firstBrokenRule(zip).isPresent()) {
      return;
    }
    ZipReading listed = ZipReading.byDirectory(zip);
    ZipReading.frontToBack(zip).ifPresent(streamed -> assertThat(streamed).isEqualTo(listed));
    assertThat(listed.contents()).hasSizeBetween(1, MAX_ENTRIES);
    assertThat(listed.size()).isLessThanOrEqualTo(MAX_SIZE);
    assertThat(listed.contents())
        .extracting(ZipReading.Content::name)
        .allSatisfy(name -> assertThat(name)
            .doesNotStartWith("/")
            .doesNotContain("\\", "\0")
            .doesNotMatch("(?s)[A-Za-z]:.*")
            .doesNotMatch("(?s)(.*/)?\\.\\.(/.*)?"));
  }
}
