package io.fleetwell.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.FieldError;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  private static ObjectNode read(String json) {
    return StrictJson.readBody(json.getBytes(UTF_8));
  }

  private static Failure refusalOf(byte[] body) {
    Failure failure = catchThrowableOfType(Failure.class, () -> StrictJson.readBody(body));
    assertThat(failure).as("the refusal of %s", new String(body, UTF_8)).isNotNull();
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
    return failure;
  }

  private static Failure refusalOf(String json) {
    return refusalOf(json.getBytes(UTF_8));
  }

  private static List<String> pointersOf(Failure failure) {
    return failure.errors().stream().map(FieldError::pointer).toList();
  }

  @Test
  void anObjectIsRead() {
    assertThat(Json.text(read(" {\"a\": [1, {\"b\": null}, true, \"x\"], \"c\": {}} \r\n")))
        .isEqualTo("{\"a\":[1,{\"b\":null},true,\"x\"],\"c\":{}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[{}]", "\"a\"", "null", "1", "true"})
  void anythingButAnObjectIsRefused(String json) {
    assertThat(pointersOf(refusalOf(json))).containsExactly("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t"})
  void anEmptyBodyIsRefused(String body) {
    refusalOf(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1]",
        "{\"a\":[1}",
        "{\"a\":\"b",
        "{\"a\":1,}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":'b'}",
        "{1:1}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":0x10}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":-Infinity}",
        "{\"a\":tru}",
        "{\"a\":True}",
        "{\"a\":undefined}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"tab\there\"}",
        "{\"a\":\"line\nhere\"}",
        "{\"a\":\"\u0000\"}",
        "{/* */\"a\":1}",
        "{\"a\":1} // x",
        "# x\n{\"a\":1}",
        "\u00a0{\"a\":1}",
      })
  void malformedJsonIsRefused(String json) {
    refusalOf(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}{}", "{} x", "{}}", "{},", "{} null", "{}\u0000"})
  void textAfterTheObjectIsRefused(String json) {
    refusalOf(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"a\":1} /a",
        "{\"a\":1,\"\\u0061\":2} /a",
        "{\"a\":{\"b\":1,\"c\":2,\"b\":null}} /a/b",
        "{\"a\":[{\"b\":1},{\"b\":1,\"b\":2}]} /a/1/b",
        "{\"a/b\":1,\"a/b\":2} /a~1b",
        "{\"a~b\":1,\"a~b\":2} /a~0b",
      })
  void aDuplicateFieldIsRefusedWithItsPointer(String json, String pointer) {
    assertThat(pointersOf(refusalOf(json))).containsExactly(pointer);
  }

  @Test
  void theSameFieldInDifferentObjectsIsAccepted() {
    String json = "{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]}";
    assertThat(Json.text(read(json))).isEqualTo(json);
  }

  @Test
  void fieldsThatDifferInCaseAreDifferent() {
    assertThat(read("{\"a\":1,\"A\":2}").size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"'{\"a\":', 1, '}'", "'[', '', ']'"})
  void twentyLevelsAreAccepted(String open, String innermost, String close) {
    read(nested(19, open, innermost, close));
  }

  @ParameterizedTest
  @CsvSource({"'{\"a\":', 1, '}'", "'[', '', ']'"})
  void twentyOneLevelsAreRefused(String open, String innermost, String close) {
    refusalOf(nested(20, open, innermost, close));
  }

  @ParameterizedTest
  @CsvSource({"'{\"a\":', 1, '}'", "'[', '', ']'"})
  void aBodyOfBracketsOnlyIsRefused(String open, String innermost, String close) {
    refusalOf(nested(10_000, open, innermost, close));
  }

  /** So many levels inside the level of the body itself. */
  private static String nested(int levels, String open, String innermost, String close) {
    return "{\"a\":" + open.repeat(levels) + innermost + close.repeat(levels) + "}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ff", // never in UTF-8
        "e9", // é in ISO-8859-1
        "80", // goes on from nothing
        "c0af", // a slash, too long
        "e080af",
        "c3", // cut short
        "e282",
        "f09f98",
        "eda080", // half a surrogate pair
        "eda0bdedb880", // CESU-8
        "f4908080", // beyond Unicode
      })
  void malformedUtf8IsRefused(String hex) {
    byte[] before = "{\"a\":\"".getBytes(UTF_8);
    byte[] wrong = HexFormat.of().parseHex(hex);
    byte[] after = "\"}".getBytes(UTF_8);
    byte[] body = new byte[before.length + wrong.length + after.length];
    System.arraycopy(before, 0, body, 0, before.length);
    System.arraycopy(wrong, 0, body, before.length, wrong.length);
    System.arraycopy(after, 0, body, before.length + wrong.length, after.length);
    refusalOf(body);
  }

  static Stream<Charset> otherEncodings() {
    return Stream.of(
        StandardCharsets.UTF_16,
        StandardCharsets.UTF_16LE,
        StandardCharsets.UTF_16BE,
        Charset.forName("UTF-32LE"),
        Charset.forName("UTF-32BE"));
  }

  @ParameterizedTest
  @MethodSource("otherEncodings")
  void otherEncodingsOfUnicodeAreRefused(Charset charset) {
    refusalOf("{\"a\":1}".getBytes(charset));
  }

  /** {@code Request} removes the one that a body may start with. */
  @ParameterizedTest
  @ValueSource(strings = {"\ufeff{\"a\":1}", "{\ufeff\"a\":1}", "{\"a\":1}\ufeff"})
  void aByteOrderMarkIsRefused(String json) {
    refusalOf(json);
  }

  @Test
  void textOutsideAsciiIsPreserved() {
    String json = "{\"naïve ключ\":\"黑猫警长系列故事 😀 e\u0301\"}";
    assertThat(Json.text(read(json))).isEqualTo(json);
  }

  @Test
  void anEscapedSurrogatePairIsOneCharacter() {
    assertThat(read("{\"a\":\"\\ud83d\\ude00\"}").path("a").textValue()).isEqualTo("😀");
  }

  @Test
  void anEscapedNulIsAccepted() {
    assertThat(read("{\"a\":\"x\\u0000y\"}").path("a").textValue()).isEqualTo("x\0y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "{\"a\":\"\\ud83d\"} /a",
        "{\"a\":\"\\ude00\"} /a",
        "{\"a\":\"\\ude00\\ud83d\"} /a",
        "{\"a\":\"\\ud83d\\ud83d\\ude00\"} /a",
        "{\"a\":[1,\"x\\udfff\"]} /a/1",
      })
  void halfASurrogatePairIsRefusedWithItsPointer(String json, String pointer) {
    assertThat(pointersOf(refusalOf(json))).containsExactly(pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {"{\"\\ud83d\":1} ``", "{\"a\":{\"x\\ude00\":1}} /a", "{\"a\":[{\"\\ud83d\":1}]} /a/0"
      })
  void aNameWithHalfASurrogatePairIsRefusedWithItsObjectsPointer(String json, String pointer) {
    Failure refusal = refusalOf(json);
    assertThat(pointersOf(refusal)).containsExactly(pointer);
    // UTF-8 cannot encode the name, so the response must not contain it either.
    assertThat(UTF_8.newEncoder().canEncode(refusal.detail())).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {"{\"\":1} /", "{\"a\":{\"\":1}} /a/"})
  void anEmptyNameIsRefusedWithItsPointer(String json, String pointer) {
    assertThat(pointersOf(refusalOf(json))).containsExactly(pointer);
  }

  @Test
  void aNameMayHave1024Characters() {
    read("{\"%s\":1}".formatted("n".repeat(1_024)));
  }

  @Test
  void aNameOf1025CharactersIsRefused() {
    refusalOf("{\"%s\":1}".formatted("n".repeat(1_025)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1",
        "-1",
        "2147483647",
        "2147483648",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999999999999999999",
        "-99999999999999999999999999999999999999",
        "100000000000000000000000000000000000000000",
        "-17",
      })
  void anIntegerIsPreserved(String number) {
    JsonNode node = read("{\"n\":%s}".formatted(number)).path("n");
    assertThat(node.isIntegralNumber()).isTrue();
    assertThat(node.asText()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.10",
        "-17.5",
        "53.250",
        "0.1",
        "1.5e-7",
        "1e-130",
        "-1e-130",
        "1.0e-130",
        "0.99999999999999999999999999999999999999",
        "123456789012345678901234567890.12345678",
      })
  void aFractionKeepsItsValueAndItsDigits(String number) {
    JsonNode node = read("{\"n\":%s}".formatted(number)).path("n");
    assertThat(node.isIntegralNumber()).isFalse();
    // Equal BigDecimals also have the same digits after the point.
    assertThat(new BigDecimal(Json.text(node))).isEqualTo(new BigDecimal(number));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e400",
        "-1e400",
        "1e-400",
        "1e126",
        "-1e126",
        "10e125",
        "1e-131",
        "-1e-131",
        "0.1e-130",
        "1e999999999",
        "1e-999999999",
        "1e2147483647",
        "1e-2147483647",
        "10e2147483647",
        "100e2147483647",
        "1e2147483648",
        "1e99999999999",
        "1e-99999999999",
        "123456789012345678901234567890123456789",
        "-123456789012345678901234567890123456789",
        "1.23456789012345678901234567890123456789",
        "0.123456789012345678901234567890123456789e5",
      })
  void aNumberThatCannotBeStoredIsRefusedWithItsPointer(String number) {
    assertThat(pointersOf(refusalOf("{\"a\":[%s]}".formatted(number)))).containsExactly("/a/0");
  }

  static Stream<String> endlessNumbers() {
    return Stream.of(
        "1".repeat(401),
        "1".repeat(60_000),
        "0." + "1".repeat(60_000),
        "1" + "0".repeat(60_000),
        "0." + "0".repeat(60_000) + "1",
        "1e" + "9".repeat(60_000),
        "1e" + "0".repeat(60_000) + "1");
  }

  @ParameterizedTest
  @MethodSource("endlessNumbers")
  void aVeryLongNumberIsRefused(String number) {
    refusalOf("{\"n\":%s}".formatted(number));
  }

  @ParameterizedTest
  @CsvSource({
    "6.0, 6",
    "6e0, 6",
    "60e-1, 6",
    "-6.000, -6",
    "600E-2, 6",
    "1.5e1, 15",
    "1e5, 100000",
    "1E+5, 100000",
    "2147483648.0, 2147483648",
    "9.223372036854775808e18, 9223372036854775808",
    "1e30, 1000000000000000000000000000000",
    "1.0000000000000000000000000000000000000000, 1",
    "12345678901234567890123456789012345678.0, 12345678901234567890123456789012345678",
  })
  void aNumberThatIsMathematicallyAnIntegerIsOne(String number, String integer) {
    JsonNode node = read("{\"n\":%s}".formatted(number)).path("n");
    assertThat(node.isIntegralNumber()).isTrue();
    assertThat(Json.text(node)).isEqualTo(integer);
    assertThat(node).isEqualTo(read("{\"n\":%s}".formatted(integer)).path("n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e125", "9.99e125", "-9.9999999999999999999999999999999999999e125"})
  void theLargestIntegersHaveAllTheirDigits(String number) {
    JsonNode node = read("{\"n\":%s}".formatted(number)).path("n");
    assertThat(Json.text(node)).isEqualTo(new BigDecimal(number).toPlainString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "-0.0",
        "-0.000",
        "0e0",
        "-0e5",
        "-0E-7",
        "0.0e125",
        "0e126",
        "0e999999999",
        "-0e-99999999999",
      })
  void zeroInEveryNotationIsZero(String number) {
    assertThat(Json.text(read("{\"n\":%s}".formatted(number)))).isEqualTo("{\"n\":0}");
  }

  @Test
  void aBodyOfHugeIntegersIsReadAtOnce() {
    String body = "{\"n\":[%s1e125]}".formatted("1e125,".repeat(10_000));
    ObjectNode object = assertTimeoutPreemptively(Duration.ofSeconds(2), () -> read(body));
    assertThat(Json.bytes(object)).hasSizeLessThan(1_300_000);
  }

  @ParameterizedTest
  @CsvSource({"'', a, /a", "/a, b/c, /a/b~1c", "/a, b~c, /a/b~0c", "'', ~1, /~01"})
  void aPointerEscapesItsSegments(String parent, String name, String pointer) {
    assertThat(Json.pointer(parent, name)).isEqualTo(pointer);
  }
}
