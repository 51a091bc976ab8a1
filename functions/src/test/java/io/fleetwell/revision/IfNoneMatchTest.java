package io.fleetwell.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IfNoneMatchTest {
  private static final Optional<String> D7 = Optional.of("d7");
  private static final Optional<String> NO_RECORD = Optional.empty();

  @ParameterizedTest
  @ValueSource(
      strings = {"\"d7\"", "  \"d7\"\t", "W/\"d7\"", "\"d6\", \"d7\"", "\"d6\",W/\"d7\",\"d8\""})
  void aListedRevisionIsNotAccepted(String header) {
    assertThat(IfNoneMatch.parse(header).admits(D7, true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"d6\"", "\"D7\"", "\"\"", "W/\"d6\"", "\"d6,d7\"", "\"*\""})
  void anUnlistedRevisionIsAccepted(String header) {
    assertThat(IfNoneMatch.parse(header).admits(D7, true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", " * ", "\"d7\"", "\"\""})
  void aMissingRecordIsAccepted(String header) {
    assertThat(IfNoneMatch.parse(header).admits(NO_RECORD, false)).isTrue();
  }

  @Test
  void anAsteriskAcceptsNothingThatExists() {
    assertThat(IfNoneMatch.parse("*").admits(D7, true)).isFalse();
  }

  /** A user's first registration of a device that has a record. */
  @Test
  void anAsteriskAcceptsARecordThatIsNotAskedFor() {
    assertThat(IfNoneMatch.parse("*").admits(D7, false)).isTrue();
  }

  @Test
  void everythingIsAcceptedWithoutTheHeader() {
    assertThat(IfNoneMatch.NONE.admits(D7, true)).isTrue();
    assertThat(IfNoneMatch.NONE.admits(NO_RECORD, false)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "d7", "\"d7", "*, \"d7\"", "\"d7\" \"d8\"", "w/\"d7\"", "**"})
  void anythingButAListOfTagsIsRefused(String header) {
    Failure failure = catchThrowableOfType(Failure.class, () -> IfNoneMatch.parse(header));
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
    assertThat(failure.detail()).startsWith("If-None-Match ");
  }
}
