package io.fleetwell.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IfMatchTest {
  private static final Optional<String> D7 = Optional.of("d7");
  private static final Optional<String> NO_RECORD = Optional.empty();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"d7\"",
        "  \"d7\"\t",
        "\"d6\", \"d7\"",
        "\"d6\",\"d7\",\"d8\"",
        "\"d6\" \t , \t \"d7\"",
        "W/\"d6\", \"d7\"",
        "W/\"d7\", \"d7\"",
        "\"\", \"d7\"",
      })
  void aListedRevisionIsAccepted(String header) {
    assertThat(IfMatch.parse(header).admits(D7)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"d6\"",
        "\"d77\"",
        "\"D7\"",
        "\"\"",
        "\"d6,d7\"",
        "\"d6\", \"d8\"",
        "W/\"d7\"",
        "\"*\"",
        "\"ü\"",
      })
  void anUnlistedRevisionIsNotAccepted(String header) {
    assertThat(IfMatch.parse(header).admits(D7)).isFalse();
  }

  @Test
  void anAsteriskAcceptsAnyRevision() {
    assertThat(IfMatch.parse("*").admits(D7)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "\"d7\"", "\"\""})
  void aMissingRecordIsNeverAcceptedWithTheHeader(String header) {
    assertThat(IfMatch.parse(header).admits(NO_RECORD)).isFalse();
  }

  @Test
  void everythingIsAcceptedWithoutTheHeader() {
    assertThat(IfMatch.NONE.admits(D7)).isTrue();
    assertThat(IfMatch.NONE.admits(NO_RECORD)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "d7",
        "7",
        "\"",
        "\"d7",
        "d7\"",
        "'d7'",
        "\"d7\"\"d8\"",
        "\"d7\" \"d8\"",
        "\"d7\",",
        ",\"d7\"",
        "\"d7\",,\"d8\"",
        "\"d7\", d8",
        "\"d7\"; \"d8\"",
        "*, \"d7\"",
        "**",
        "W/d7",
        "w/\"d7\"",
        "W/ \"d7\"",
        "W/*",
        "\"d 7\"",
        "\"d\0007\"",
        "\"黑\"",
      })
  void anythingButAListOfTagsIsRefused(String header) {
    Failure failure = catchThrowableOfType(Failure.class, () -> IfMatch.parse(header));
    assertThat(failure).isNotNull();
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
  }

  /** Twice as many as the gateway accepts. */
  @Test
  void aVeryLongListIsReadToItsEnd() {
    assertThat(IfMatch.parse("\"\",".repeat(7_000) + "\"d7\"").admits(D7)).isTrue();
  }

  @Test
  void aVeryLongListWithAWrongEndIsRefused() {
    Failure failure =
        catchThrowableOfType(Failure.class, () -> IfMatch.parse("\"\",".repeat(7_000) + "x"));
    assertThat(failure).isNotNull();
  }
}
