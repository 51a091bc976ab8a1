package io.fleetwell.revision;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.testing.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

class IfMatchFuzzTest {
  @FuzzTest
  void onlyListedRevisionsAreAccepted(byte[] text) {
    String header = new String(text, StandardCharsets.ISO_8859_1);
    Optional<IfMatch> verdict = Verdict.of(() -> IfMatch.parse(header), FailureKind.INVALID);
    if (verdict.isEmpty()) {
      return;
    }
    IfMatch precondition = verdict.get();
    assertThat(precondition.admits(Optional.empty())).isFalse();
    if (header.strip().equals("*")) {
      assertThat(precondition.admits(Optional.of("d7"))).isTrue();
      return;
    }
    for (String revision : new String[] {"d7", "d77", "", "x"}) {
      // Tags contain no quotes, so the text between two quotes is a tag or a separator.
      boolean named = ("," + header.strip()).matches("(?s).*[,\\s]\"" + revision + "\".*");
      assertThat(precondition.admits(Optional.of(revision))).as(revision).isEqualTo(named);
    }
  }
}
