package io.fleetwell.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.FieldError;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimCodeTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";

  private static Optional<Failure> problemOf(String code) {
    return Optional.ofNullable(catchThrowableOfType(Failure.class, () -> ClaimCode.check(code)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678901234567890",
        "0123456789abcdef",
        "0123456789ABCDEF",
        "0123456789abz",
        "ABCDEFGHIJKLZ",
        CODE,
        "7h3k 9qzm 2xw4 td6p",
        "7H3K-9QZM-2XW4-TD6P\n",
        "\ufeff7H3K\u20119QZM\u20142XW4\u00a0TD6P\r\n",
        "7H3K_9QZM.2XW4\tTD6P\u0000",
        "1-2 3-4-5 6-7-8-9-0 1-2 3-4-5 6-7-8-9-0",
      })
  void aCodeWith64BitsIsAccepted(String code) {
    assertThat(problemOf(code)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "nineteen digits, 1234567890123456789",
    "fifteen of 0-9 a-f, 0123456789abcde",
    "fifteen of 0-9 A-F, 0123456789ABCDE",
    "twelve of 0-9 a-z, 0123456789az",
    "nothing, ''",
    "spaces and hyphens, ' - - - - - - - - - - - - - - - - '",
    "nineteen digits in groups, 1234-5678-9012-3456-789",
    "twelve of 0-9 a-z in groups, 0123 4567 89az",
    "twelve of 0-9 a-z with signs, 0123\u20104567\u201189az_!?#",
  })
  void aCodeWithFewerBitsIsRefused(String what, String code) {
    Failure failure = problemOf(code).orElseThrow();
    assertThat(failure.kind()).as(what).isEqualTo(FailureKind.INVALID);
    assertThat(failure.errors()).extracting(FieldError::pointer).containsExactly("/claimcode");
    assertThat(failure.errors().get(0).detail()).contains("64 bits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000000000000000",
        "abababababababababab",
        "aA-bB-cC aA-bB-cC aA-bB-cC aA-bB-cC"
      })
  void aCodeWithFewDifferentCharactersIsRefused(String code) {
    assertThat(problemOf(code)).isPresent();
  }

  @Test
  void aCodeNeedsFourDifferentCharacters() {
    assertThat(problemOf("abczabczabczabcz")).isEmpty();
    assertThat(problemOf("abcabcabcabcabca")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7H3K-9QZM-2XW4-TD6P\u00c4",
        "7H3K-9QZM-2XW4-TD6A\u0308",
        "7H3K-9QZM-2XW4-TD6P\u0410",
        "7H3K-9QZM-2XW4-TD6P\u212a",
        "\uff177H3K-9QZM-2XW4-TD6P",
        "7H3K-9QZM-2XW4-TD6P\u0661",
        "7H3K-9QZM-2XW4-TD6P\u00b2",
        "7H3K-9QZM-2XW4-TD6P\u9ed1",
        "7H3K-9QZM-2XW4-TD6P\ud835\udc00",
      })
  void aCodeWithOtherLettersOrDigitsIsRefused(String code) {
    assertThat(problemOf(code).orElseThrow().errors().get(0).detail()).contains("A-Z a-z 0-9");
  }

  @Test
  void aCodeHasAtMost128Characters() {
    assertThat(problemOf("0a1b2c3d".repeat(16))).isEmpty();
    assertThat(problemOf("0a1b2c3d".repeat(16) + "4")).isPresent();
    assertThat(problemOf(CODE + " ".repeat(128 - CODE.length()))).isEmpty();
    assertThat(problemOf(CODE + " ".repeat(129 - CODE.length()))).isPresent();
    assertThat(problemOf(CODE + "\ud83d\udd11".repeat(128 - CODE.length()))).isEmpty();
  }

  @Test
  void aRefusalDoesNotContainTheCode() {
    Failure failure = problemOf("secret123").orElseThrow();
    assertThat(failure.detail() + failure.errors()).doesNotContain("secret123");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CODE,
        "7h3k-9qzm-2xw4-td6p",
        "7H3K9QZM2XW4TD6P",
        " 7H3K 9qzm-2XW4 td6p--",
        "7H3K-9QZM-2XW4-TD6P\n",
        "7H3K-9QZM-2XW4-TD6P\r\n",
        "\t7H3K-9QZM-2XW4-TD6P\u0000",
        "\ufeff7H3K-9QZM-2XW4-TD6P",
        "7H3K\u20109QZM\u20112XW4\u2012TD6P",
        "7H3K\u20139QZM\u20142XW4\u2015TD6P",
        "7H3K\u22129QZM\u00ad2XW4\ufe63TD6P",
        "7H3K\u00a09QZM\u202f2XW4\u3000TD6P",
        "\u200e7H3K\u200b9QZM\u200d2XW4\u2060TD6P",
        "7H3K_9QZM.2XW4/TD6P!",
        "\u201c7H3K-9QZM-2XW4-TD6P\u201d",
        "7H3K-9QZM-2XW4-TD6P\u00c4\u212a\u0410\uff17",
      })
  void onlyLettersAtoZAndDigitsOfATypedCodeCountInAnyCase(String typed) {
    assertThat(ClaimCode.of(CODE).matches(typed)).isTrue();
    assertThat(ClaimCode.of(typed).matches(CODE)).isTrue();
  }

  /** Stored by the first version, which accepted letters, digits, spaces and hyphens. */
  @Test
  void aCodeThatWasStoredBeforeStillMatches() {
    ClaimCode stored =
        new ClaimCode("AAECAwQFBgcICQoLDA0ODw==", "rJE79I5N0ir9MUeo1fTyDYg4BjaHNFl5b/gBM4KpM00=");
    assertThat(stored.matches(CODE)).isTrue();
    assertThat(stored.matches("7h3k 9qzm 2xw4 td6p\n")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "7H3K-9QZM-2XW4-TD6", "7H3K-9QZM-2XW4-TD6Q", "7H3K-9QZM-2XW4-TD6PP", "\u212a"})
  void anotherCodeDoesNotMatch(String typed) {
    assertThat(ClaimCode.of(CODE).matches(typed)).isFalse();
  }

  @Test
  void saltAndHashDifferForTheSameCode() {
    ClaimCode one = ClaimCode.of(CODE);
    ClaimCode other = ClaimCode.of(CODE);
    assertThat(one.salt()).isNotEqualTo(other.salt());
    assertThat(one.hash()).isNotEqualTo(other.hash());
  }

  @Test
  void theStoredFormDoesNotContainTheCode() {
    Instant now = Instant.parse("2026-11-23T21:42:00Z");
    ClaimCode kept = ClaimCode.of(CODE);
    Device device =
        Device.unknown("D1", now).withClaimCode(Optional.of(kept), Device.Source.FACTORY, now);
    assertThat(kept.toString() + device)
        .doesNotContainIgnoringCase("7H3K-9QZM")
        .doesNotContainIgnoringCase("7H3K9QZM");
  }

  @Test
  void theJsonOfADeviceContainsNeitherCodeNorHash() {
    Instant now = Instant.parse("2026-11-23T21:42:00Z");
    ClaimCode kept = ClaimCode.of(CODE);
    Device device =
        Device.unknown("D1", now).withClaimCode(Optional.of(kept), Device.Source.FACTORY, now);
    assertThat(device.json()).isEqualTo(new JsonMapper().createObjectNode().put("deviceid", "D1"));
  }
}
