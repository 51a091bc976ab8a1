package io.fleetwell.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519Test {
  /** The order of the group (RFC 8032, 5.1). */
  private static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  /** The second test of RFC 8032, 7.1. */
  private static final String KEY =
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

  private static final String MESSAGE = "72";

  private static final String SIGNATURE =
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static boolean verifies(String key, String message, byte[] signature) {
    assertThat(Ed25519.publicKey(hex(key))).isPresent();
    return Ed25519.verifies(hex(key), hex(message), signature);
  }

  @ParameterizedTest
  @CsvSource({
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a, '',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    KEY + "," + MESSAGE + "," + SIGNATURE,
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025, af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  })
  void theSignaturesOfTheRfcVerify(String key, String message, String signature) {
    assertThat(verifies(key, message, hex(signature))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "73", "7200"})
  void aSignatureOfAnotherMessageDoesNotVerify(String message) {
    assertThat(verifies(KEY, message, hex(SIGNATURE))).isFalse();
  }

  static IntStream bytesOfASignature() {
    return IntStream.range(0, 64);
  }

  @ParameterizedTest
  @MethodSource("bytesOfASignature")
  void aSignatureWithAFlippedBitDoesNotVerify(int index) {
    byte[] signature = hex(SIGNATURE);
    signature[index] ^= 1;
    assertThat(verifies(KEY, MESSAGE, signature)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32, 63, 65, 128})
  void aSignatureOfAnotherLengthDoesNotVerify(int length) {
    assertThat(verifies(KEY, MESSAGE, Arrays.copyOf(hex(SIGNATURE), length))).isFalse();
  }

  @Test
  void aSignatureHasOnlyOneForm() {
    byte[] signature = hex(SIGNATURE);
    BigInteger s = new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)));
    byte[] same = reversed(leftPadded(s.add(L).toByteArray()));
    System.arraycopy(same, 0, signature, 32, 32);
    assertThat(verifies(KEY, MESSAGE, signature)).isFalse();
  }

  private static byte[] leftPadded(byte[] bytes) {
    byte[] padded = new byte[32];
    System.arraycopy(bytes, 0, padded, 32 - bytes.length, bytes.length);
    return padded;
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 31, 33, 64})
  void aKeyHas32Bytes(int length) {
    assertThat(Ed25519.publicKey(Arrays.copyOf(hex(KEY), length))).isEmpty();
  }

  /** With either sign of x. */
  private static Stream<String> withBothSigns(String encoded) {
    byte[] other = hex(encoded);
    other[31] ^= (byte) 0x80;
    return Stream.of(encoded, HexFormat.of().formatHex(other));
  }

  static Stream<String> smallOrders() {
    return Stream.of(
            "00".repeat(32),
            "01" + "00".repeat(31),
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ec" + "ff".repeat(30) + "7f")
        .flatMap(Ed25519Test::withBothSigns);
  }

  @ParameterizedTest
  @MethodSource("smallOrders")
  void aKeyOfSmallOrderIsRefused(String encoded) {
    assertThat(Ed25519.publicKey(hex(encoded))).isEmpty();
  }

  /** All 19 numbers from p to the largest of 255 bits. */
  static Stream<String> notCanonical() {
    return IntStream.rangeClosed(0xed, 0xff)
        .mapToObj(lowest -> "%02x".formatted(lowest) + "ff".repeat(30) + "7f")
        .flatMap(Ed25519Test::withBothSigns);
  }

  @ParameterizedTest
  @MethodSource("notCanonical")
  void aKeyInNonCanonicalFormIsRefused(String encoded) {
    assertThat(Ed25519.publicKey(hex(encoded))).isEmpty();
  }

  static Stream<String> pointsOffTheCurve() {
    return Stream.of("02", "07", "08").map(lowest -> lowest + "00".repeat(31));
  }

  @ParameterizedTest
  @MethodSource("pointsOffTheCurve")
  void aPointOffTheCurveIsRefused(String encoded) {
    assertThat(Ed25519.publicKey(hex(encoded))).isEmpty();
  }
}
