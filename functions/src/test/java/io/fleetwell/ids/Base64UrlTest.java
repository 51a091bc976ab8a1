package io.fleetwell.ids;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Base64UrlTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 31, 32, 64, 256})
  void whatTheEncoderWritesIsRead(int length) {
    byte[] bytes = new byte[length];
    IntStream.range(0, length).forEach(i -> bytes[i] = (byte) (251 * i - 5));
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    assertThat(Base64Url.decode(text)).hasValue(bytes);
  }

  /** The last of two characters has two bits of a byte, and the last of three has four. */
  @ParameterizedTest
  @CsvSource({"A, 4", "AA, 16", "AAA, 64"})
  void eachValueOfTheLastBitsHasOneSpelling(String start, int values) {
    assertThat(ALPHABET.chars().mapToObj(last -> start + (char) last))
        .filteredOn(text -> Base64Url.decode(text).isPresent())
        .hasSize(values);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "AAAAA",
        "AB",
        "AAB",
        "AA=",
        "AA==",
        "AAA=",
        "AAAA=",
        "AAAA====",
        "=",
        "AA A",
        " AAA",
        "AAA ",
        "AAA\n",
        "AAA\r\n",
        "+AAA",
        "/AAA",
        "A+AA",
        "A.AA",
        "A*AA",
        "\u0000AAA",
        "AAA\u00e4",
        "\uff21AAA"
      })
  void anyOtherTextIsRefused(String text) {
    assertThat(Base64Url.decode(text)).isEmpty();
  }

  @Test
  void bothSpecialCharactersAreRead() {
    assertThat(Base64Url.decode("-_-_")).hasValue("\u00fb\u00ff\u00bf".getBytes(ISO_8859_1));
  }
}
