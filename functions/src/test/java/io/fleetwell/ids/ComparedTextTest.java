package io.fleetwell.ids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparedTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"", "Speaker", "Device Type", "a\tb", "a\u200bb", "a\ufeffb", "黑猫 🔊", "Ａ"})
  void aTextWithNothingToStripIsItsOwnForm(String text) {
    assertThat(ComparedText.of(text)).isEqualTo(text);
  }

  @Test
  void whiteSpaceAndControlCharactersAreStrippedAtBothEnds() {
    assertThat(IntStream.range(0, Character.MIN_SURROGATE)
            .filter(c -> Character.toString(c).matches("[\\p{IsWhite_Space}\\p{Cc}]"))
            .mapToObj(Character::toString))
        .hasSize(84)
        .allSatisfy(c -> assertThat(ComparedText.of(c + c + "S 17" + c)).isEqualTo("S 17"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\ufeff",
        "\u200b",
        "\u2060",
        "\u061c",
        "\u200e",
        "\u200f",
        "\u202a",
        "\u202e",
        "\u2066",
        "\u2069",
        " \ufeff\n",
      })
  void whatFilesAndCopiedTextBringAlongIsStrippedAtBothEnds(String unseen) {
    assertThat(ComparedText.of(unseen + "S 17" + unseen)).isEqualTo("S 17");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u200c", "\u200d", "\ufe0f", "\u0301", "\u00ad", "\ud83d\ude00", "\u180e"})
  void aCharacterThatBelongsToTheTextIsNotStripped(String c) {
    assertThat(ComparedText.of("S17" + c)).isEqualTo("S17" + c);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n", "\0", "\u00a0", "\u3000", "\ufeff", " \t\r\n\u0085\u2028"})
  void nothingIsLeftOfATextInWhichNothingCanBeSeen(String text) {
    assertThat(ComparedText.of(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'e\u0301', '\u00e9'",
    "'Ho\u0308he', 'H\u00f6he'",
    "'\u212bngstro\u0308m', '\u00c5ngstr\u00f6m'",
    "'D\u212a', DK",
    "'\u1112\u1161\u11ab', '\ud55c'",
    "'\u2126', '\u03a9'",
  })
  void formsOfOneCharacterAreEqual(String text, String form) {
    assertThat(ComparedText.of(text)).isEqualTo(form);
  }

  @Test
  void caseIsKept() {
    assertThat(ComparedText.of("dk")).isNotEqualTo(ComparedText.of("DK"));
  }

  @Test
  void theLongestParameterIsNormalized() {
    assertThat(ComparedText.of("e\u0301".repeat(512))).isEqualTo("\u00e9".repeat(512));
  }

  /** Normalization sorts rows of combining marks, in quadratic time. */
  @Test
  void aLongRowOfCombiningMarksTakesNoTime() {
    String row = "a" + "\u0301".repeat(16_000) + "\u0316".repeat(16_000);
    String form =
        assertTimeoutPreemptively(Duration.ofSeconds(1), () -> ComparedText.of(" " + row + "\n"));
    assertThat(form).isEqualTo(row);
  }
}
