package io.fleetwell.device;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.testing.Verdict;
import java.util.Locale;

class ClaimCodeFuzzTest {
  @FuzzTest
  void anAcceptedCodeMatchesOnlyItself(byte[] text) {
    String code = new String(text, UTF_8);
    if (!isAccepted(code)) {
      return;
    }
    assertThat(code.codePointCount(0, code.length())).isLessThanOrEqualTo(128);
    assertThat(code.replaceAll("[A-Za-z0-9]", "")).doesNotContainPattern("[\\p{L}\\p{M}\\p{N}]");
    ClaimCode kept = ClaimCode.of(code);
    assertThat(kept.matches(code)).isTrue();
    assertThat(kept.matches(" " + code.toUpperCase(Locale.ROOT).replace("-", "\u2011 ") + "\n"))
        .isTrue();
    assertThat(kept.matches(code + "0")).isFalse();
    assertThat(kept.matches("")).isFalse();
    assertThat(kept.toString()).doesNotContain(code);
  }

  private static boolean isAccepted(String code) {
    return Verdict.of(
            () -> {
              ClaimCode.check(code);
              return code;
            },
            FailureKind.INVALID)
        .isPresent();
  }
}
