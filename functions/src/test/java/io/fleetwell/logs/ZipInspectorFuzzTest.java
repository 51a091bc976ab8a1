package io.fleetwell.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Fuzzing starts from the files of {@link ZipCorpus}. */
class ZipInspectorFuzzTest {
  private static final int MAX_FILES = 1_000;
  private static final long MAX_SIZE = 100_000_000;

  @FuzzTest
  void whatIsAcceptedReadsOneWay(byte[] zip) throws IOException {
    if (ZipInspector.firstBrokenRule(zip).isPresent()) {
      return;
    }
    ZipReading listed = ZipReading.byDirectory(zip);
    ZipReading.frontToBack(zip).ifPresent(streamed -> assertThat(streamed).isEqualTo(listed));
    assertThat(listed.contents()).isNotEmpty();
    assertThat(listed.contents())
        .filteredOn(content -> !content.name().endsWith("/"))
        .hasSizeLessThanOrEqualTo(MAX_FILES);
    assertThat(listed.size()).isLessThanOrEqualTo(MAX_SIZE);
    assertThat(leastLength(listed)).isLessThanOrEqualTo(zip.length);
    assertThat(listed.contents())
        .extracting(ZipReading.Content::name)
        .allSatisfy(name -> assertThat(name)
            .doesNotStartWith("/")
            .doesNotContain("\\", "\0")
            .doesNotMatch("(?s)[A-Za-z]:.*")
            .doesNotMatch("(?s)(.*/)?\\.\\.(/.*)?"));
  }

  /** The length of a zip whose entries share no byte: for each both headers, both names and the data, and then the end. */
  private static long leastLength(ZipReading reading) {
    return 22
        + reading.contents().stream()
            .mapToLong(it -> 30 + 46 + 2L * it.name().length() + it.compressedSize())
            .sum();
  }
}
