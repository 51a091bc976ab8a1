package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final List<String> BINDING = List.of("user", "alice", "GET /v1/user/devices");
  private static final Cursor CURSOR = new Cursor(BINDING);

  private static void assertRefused(Cursor cursor, String encoded) {
    Failure failure = catchThrowableOfType(Failure.class, () -> cursor.decode(encoded));
    assertThat(failure).as("the refusal of %s", encoded).isNotNull();
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ab", "abc", "00:1A:2B:3C:4D:5E", "Device Type\t*\t1", "黑猫😀"})
  void anEncodedPositionIsDecodedUnchanged(String position) {
    assertThat(CURSOR.decode(CURSOR.encode(position))).isEqualTo(position);
  }

  @Test
  void theSamePositionMakesTheSameCursor() {
    assertThat(new Cursor(BINDING).encode("DEVICEID1")).isEqualTo(CURSOR.encode("DEVICEID1"));
  }

  @Test
  void aCursorNeedsNoEncodingInAQuery() {
    assertThat(CURSOR.encode("DEVICEID1>~")).matches("[A-Za-z0-9_-]+");
  }

  /** Positions of each length modulo 3, because the spare bits of base64 depend on it. */
  @ParameterizedTest
  @ValueSource(strings = {"DEVICEID1", "DEVICEID10", "DEVICEID100"})
  void aFlippedBitInTheTextIsRefused(String position) {
    byte[] encoded = CURSOR.encode(position).getBytes(StandardCharsets.ISO_8859_1);
    for (int bit = 0; bit < encoded.length * 8; bit++) {
      byte[] flipped = encoded.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(CURSOR, new String(flipped, StandardCharsets.ISO_8859_1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEVICEID1", "DEVICEID10", "DEVICEID100"})
  void aFlippedBitInTheBytesIsRefused(String position) {
    byte[] bytes = Base64.getUrlDecoder().decode(CURSOR.encode(position));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(CURSOR, Base64.getUrlEncoder().withoutPadding().encodeToString(flipped));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DEVICEID1", "DEVICEID10"})
  void otherLettersForTheSameBytesAreRefused(String position) {
    String encoded = CURSOR.encode(position);
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
    String good = CURSOR.encode("DEVICEID1");
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
    assertRefused(CURSOR, new Cursor(binding).encode("DEVICEID1"));
  }

  @Test
  void filtersThatConcatenateToTheSameTextDiffer() {
    Cursor one = new Cursor(List.of("devicetype", "a", "region", "b"));
    Cursor other = new Cursor(List.of("devicetype", "a1:region", "b"));
    assertRefused(one, other.encode("DEVICEID1"));
  }
}
