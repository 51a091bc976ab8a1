package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.ParameterError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final List<String> BINDING = List.of("user", "alice", "GET /v1/user/devices");
  private static final Cursor CURSOR = new Cursor(BINDING);

  private static String encode(Cursor cursor, String position) {
    return cursor.encode(new TextPosition(position));
  }

  private static String decode(Cursor cursor, String encoded) {
    return cursor.decode(encoded, TextPosition::parse).text();
  }

  private static void assertRefused(Cursor cursor, String encoded) {
    Failure failure = catchThrowableOfType(Failure.class, () -> decode(cursor, encoded));
    assertThat(failure).as("the refusal of %s", encoded).isNotNull();
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
    assertThat(failure.parameterErrors())
        .extracting(ParameterError::parameter)
        .containsExactly("cursor");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ab", "abc", "00:1A:2B:3C:4D:5E", "Device Type\t*\t1", "黑猫😀"})
  void anEncodedPositionIsDecodedUnchanged(String position) {
    assertThat(decode(CURSOR, encode(CURSOR, position))).isEqualTo(position);
  }

  @Test
  void theSamePositionMakesTheSameCursor() {
    assertThat(encode(new Cursor(BINDING), "DEVICEID1")).isEqualTo(encode(CURSOR, "DEVICEID1"));
  }

  @Test
  void aCursorNeedsNoEncodingInAQuery() {
    assertThat(encode(CURSOR, "DEVICEID1>~")).matches("[A-Za-z0-9_-]+");
  }

  /** Positions of each length modulo 3, because the spare bits of base64 depend on it. */
  @ParameterizedTest
  @ValueSource(strings = {"DEVICEID1", "DEVICEID10", "DEVICEID100"})
  void aFlippedBitInTheTextIsRefused(String position) {
    byte[] encoded = encode(CURSOR, position).getBytes(StandardCharsets.ISO_8859_1);
    for (int bit = 0; bit < encoded.length * 8; bit++) {
      byte[] flipped = encoded.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(CURSOR, new String(flipped, StandardCharsets.ISO_8859_1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEVICEID1", "DEVICEID10", "DEVICEID100"})
  void aFlippedBitInTheBytesIsRefused(String position) {
    byte[] bytes = Base64.getUrlDecoder().decode(encode(CURSOR, position));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(CURSOR, Base64.getUrlEncoder().withoutPadding().encodeToString(flipped));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEVICEID1", "DEVICEID10"})
  void otherLettersForTheSameBytesAreRefused(String position) {
    String encoded = encode(CURSOR, position);
    byte[] bytes = Base64.getUrlDecoder().decode(encoded);
    List<String> others = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        .chars()
        .mapToObj(last -> encoded.substring(0, encoded.length() - 1) + (char) last)
        .filter(other ->
            !other.equals(encoded) && Arrays.equals(Base64.getUrlDecoder().decode(other), bytes))
        .toList();
    assertThat(others).isNotEmpty().allSatisfy(other -> assertRefused(CURSOR, other));
  }

  static Stream<String> mangled() {
    String good = encode(CURSOR, "DEVICEID1");
    return Stream.of(
        "",
        " ",
        "a",
        "AAAA",
        "A".repeat(22),
        "A".repeat(23),
        "!!!!",
        "null",
        "ü",
        "\0",
        good + "=",
        good + "==",
        good + "A",
        good + " ",
        good + "\n",
        " " + good,
        good + good,
        good.substring(1),
        good.substring(0, good.length() - 1),
        good.toLowerCase(Locale.ROOT));
  }

  @ParameterizedTest
  @MethodSource("mangled")
  void aMalformedCursorIsRefused(String mangled) {
    assertRefused(CURSOR, mangled);
  }

  static Stream<List<String>> otherBindings() {
    return Stream.of(
        List.of("user", "bob", "GET /v1/user/devices"),
        List.of("operator", "alice", "GET /v1/user/devices"),
        List.of("user", "alice", "GET /v1/user/devices/owner"),
        List.of("user", "alice", "GET /v1/user/devices", "test", "true"),
        List.of("user", "aliceGET", " /v1/user/devices"),
        List.of("user", "alice"),
        List.of());
  }

  @ParameterizedTest
  @MethodSource("otherBindings")
  void aCursorOfAnotherCallerRouteOrFilterIsRefused(List<String> binding) {
    assertRefused(CURSOR, encode(new Cursor(binding), "DEVICEID1"));
  }

  @Test
  void aPositionThatTheListDoesNotHaveIsRefused() {
    String encoded = encode(CURSOR, "DEVICEID1");
    Failure failure = catchThrowableOfType(
        Failure.class, () -> CURSOR.decode(encoded, text -> Optional.<TextPosition>empty()));
    assertThat(failure.parameterErrors())
        .extracting(ParameterError::parameter)
        .containsExactly("cursor");
  }

  /** The digest is that of the text which a lenient reader makes of the bytes. */
  @ParameterizedTest
  @ValueSource(strings = {"ff", "c0af", "eda080", "41eda080eda080", "f4908080"})
  void aPositionThatIsNotUtf8IsRefused(String hex) {
    byte[] malformed = HexFormat.of().parseHex(hex);
    String lenient = new String(malformed, StandardCharsets.UTF_8);
    byte[] whole = Base64.getUrlDecoder().decode(encode(CURSOR, lenient));
    byte[] forged = ByteBuffer.allocate(16 + malformed.length)
        .put(whole, 0, 16)
        .put(malformed)
        .array();
    assertThat(decode(CURSOR, encode(CURSOR, lenient))).isEqualTo(lenient);
    assertRefused(CURSOR, Base64.getUrlEncoder().withoutPadding().encodeToString(forged));
  }

  @Test
  void filtersThatConcatenateToTheSameTextDiffer() {
    Cursor one = new Cursor(List.of("devicetype", "a", "region", "b"));
    Cursor other = new Cursor(List.of("devicetype", "a1:region", "b"));
    assertRefused(one, encode(other, "DEVICEID1"));
  }
}
