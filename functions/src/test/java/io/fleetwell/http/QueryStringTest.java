package io.fleetwell.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.ParameterError;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryStringTest {
  private static void assertRefused(String raw) {
    Failure failure =
        catchThrowableOfType(Failure.class, () -> new QueryString(raw).value("serial"));
    assertThat(failure).as("the refusal of %s", raw).isNotNull();
    assertThat(failure.kind()).isEqualTo(FailureKind.INVALID);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "serial=ABC 'ABC'",
        "serial= ''",
        "serial ''",
        "x=1&serial=ABC&y=2 'ABC'",
        "&&serial=ABC&& 'ABC'",
        "serial=A%20B 'A B'",
        "serial=A+B 'A B'",
        "serial=A%2BB 'A+B'",
        "serial=A%26B 'A&B'",
        "serial=A=B 'A=B'",
        "serial=A%3dB 'A=B'",
        "serial=1,2 '1,2'",
        "serial=1;limit=2 '1;limit=2'",
        "serial=A?B 'A?B'",
        "serial=%E9%BB%91 '黑'",
        "serial=%F0%9F%98%80 '😀'",
        "serial=黑 '黑'",
        "%73erial=ABC 'ABC'",
      })
  void aParameterIsDecodedOnce(String raw, String value) {
    assertThat(new QueryString(raw).value("serial")).contains(value);
  }

  @Test
  void anEncodedPercentSignIsNotDecodedAgain() {
    assertThat(new QueryString("serial=%2541").value("serial")).contains("%41");
  }

  @Test
  void anEncodedNulIsAccepted() {
    assertThat(new QueryString("serial=A%00B").value("serial")).contains("A\0B");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&", "=", "=ABC", "Serial=ABC", "serial%20=ABC", "serials=ABC"})
  void aMissingParameterIsEmpty(String raw) {
    assertThat(new QueryString(raw).value("serial")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serial=1&serial=2",
        "serial=1&serial=1",
        "serial&serial",
        "serial=&serial=1",
        "serial=1&x=2&serial=3",
        "serial=1&%73erial=2",
        "serial=1&serial=2&serial=3",
      })
  void aRepeatedParameterIsRefused(String raw) {
    assertRefused(raw);
  }

  @Test
  void anUnknownParameterMayBeRepeated() {
    assertThat(new QueryString("x=1&serial=ABC&x=2").value("serial")).contains("ABC");
  }

  private static List<ParameterError> unknownIn(String raw, String... known) {
    Failure failure =
        catchThrowableOfType(Failure.class, () -> new QueryString(raw).requireKnown(Set.of(known)));
    return failure == null ? List.of() : failure.parameterErrors();
  }

  @Test
  void allUnknownParametersAreNamedInTheirOrder() {
    assertThat(unknownIn("zz=1&limit=2&verison=3&zz=4&%61a", "limit", "version"))
        .containsExactly(
            new ParameterError("zz", "is not known; the parameters are limit, version"),
            new ParameterError("verison", "is not known; did you mean version?"),
            new ParameterError("aa", "is not known; the parameters are limit, version"));
  }

  @Test
  void anUnknownParameterOfACallWithoutParametersIsNamed() {
    assertThat(unknownIn("limit=1"))
        .containsExactly(new ParameterError("limit", "is not known; this call has no parameters"));
  }

  @Test
  void atMostTwentyUnknownParametersAreNamed() {
    String raw = IntStream.range(0, 5_000).mapToObj(i -> "p" + i).collect(Collectors.joining("&"));
    assertThat(unknownIn(raw, "limit")).hasSize(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&", "&&limit=1&&", "limit", "%6cimit=1", "limit=1&limit=2"})
  void knownParametersAndEmptyPairsAreNotUnknown(String raw) {
    assertThat(unknownIn(raw, "limit")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "A%",
        "%4",
        "%zz",
        "%4z",
        "%z4",
        "%-1",
        "%+1",
        "% 1",
        "%%41",
        "%C3",
        "%FF",
        "%C0%AF",
        "%ED%A0%80",
        "%F4%90%80%80",
      })
  void aValueThatIsNotPercentEncodedUtf8IsRefused(String value) {
    assertRefused("serial=" + value);
  }

  @Test
  void anUnknownParameterMayBeMalformed() {
    assertThat(new QueryString("x=%zz&%zz=x&serial=ABC").value("serial")).contains("ABC");
  }

  @Test
  void aValueMayHave1024CharactersOnceDecoded() {
    assertThat(new QueryString("serial=" + "%41".repeat(1_024)).value("serial"))
        .contains("A".repeat(1_024));
  }

  @Test
  void aValueOf1025CharactersIsRefused() {
    assertRefused("serial=" + "A".repeat(1_025));
  }
}
