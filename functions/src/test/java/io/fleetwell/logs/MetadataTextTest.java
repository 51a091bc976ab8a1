package io.fleetwell.logs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataTextTest {
  /** Of S3, for the names and values of all metadata of an object. */
  private static final int MAX_METADATA_BYTES = 2_048;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.0.0",
        "a b",
        " ",
        "\"",
        "=?UTF-8?B?4pyT?=",
        "base64:",
        "base64:eA==",
        "黑猫",
        "\ud83d\ude00",
        "\u0000\r\n\u007f",
      })
  void anyTextIsReadAsItWasWritten(String text) {
    String encoded = MetadataText.encode(text);
    assertThat(encoded).matches("[!-~]+");
    assertThat(MetadataText.decode(encoded)).contains(text);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {"1.0.0,\"1.0.0\"", "é,\"base64:w6k=\""})
  void visibleAsciiStaysReadable(String text, String encoded) {
    assertThat(MetadataText.encode(text)).isEqualTo(encoded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0.10", "黑猫", "a\"b\"c"})
  void aTruncatedTextIsNotRead(String text) {
    String encoded = MetadataText.encode(text);
    for (int length = 0; length < encoded.length(); length++) {
      assertThat(MetadataText.decode(encoded.substring(0, length))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0001", "é", "猫"})
  void theLongestIdAndVersionFitTheMetadataOfAnObject(String character) {
    String id = MetadataText.encode(character.repeat(255));
    String version = MetadataText.encode("\ud83d\ude00".repeat(LogFile.MAX_VERSION_LENGTH));
    String others = "received2026-11-27T22:00:00.123Zby\"operator\"byidversion";
    assertThat(id.length() + version.length() + others.length())
        .isLessThanOrEqualTo(MAX_METADATA_BYTES);
  }

  @Test
  void whatIsNoBase64IsNotRead() {
    assertThat(MetadataText.decode("\"base64:*\"")).isEmpty();
  }
}
