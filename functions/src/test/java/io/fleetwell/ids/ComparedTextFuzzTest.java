package io.fleetwell.ids;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

class ComparedTextFuzzTest {
  @FuzzTest
  void aTextHasOneForm(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String form = ComparedText.of(text);
    assertThat(ComparedText.of(form)).isEqualTo(form);
    assertThat(ComparedText.of("\ufeff " + text + "\u0000\u2028")).isEqualTo(form);
    assertThat(form)
        .doesNotMatch("(?s)[\\p{IsWhite_Space}\\p{Cc}].*|.*[\\p{IsWhite_Space}\\p{Cc}]");
    String decomposed = Normalizer.normalize(text, Normalizer.Form.NFD);
    if (Math.max(text.length(), decomposed.length()) <= ComparedText.MAX_NORMALIZED) {
      assertThat(ComparedText.of(decomposed)).isEqualTo(form);
    }
  }
}
