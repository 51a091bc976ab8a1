package io.fleetwell.revision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.failure.Failure;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreconditionsTest {
  private static final Optional<String> D7 = Optional.of("d7");

  private static Preconditions of(String ifMatch, String ifNoneMatch) {
    return new Preconditions(IfMatch.parse(ifMatch), IfNoneMatch.parse(ifNoneMatch));
  }

  private static Failure failureOf(Preconditions preconditions) {
    return catchThrowableOfType(Failure.class, () -> preconditions.require(D7));
  }

  @Test
  void bothMustHold() {
    assertThatCode(() -> of("\"d7\"", "\"d6\"").require(D7)).doesNotThrowAnyException();
    assertThat(failureOf(of("\"d6\"", "\"d5\"")).kind()).isEqualTo(IfMatch.STALE);
    assertThat(failureOf(of("\"d7\"", "*")).kind()).isEqualTo(IfMatch.STALE);
  }

  @Test
  void ifMatchIsEvaluatedFirst() {
    assertThat(failureOf(of("\"d6\"", "*")).detail()).contains("If-Match names");
  }

  @Test
  void aRequestWithoutThemHasNone() {
    assertThatCode(() -> Preconditions.NONE.require(D7)).doesNotThrowAnyException();
    assertThatCode(() -> Preconditions.NONE.require(Optional.empty())).doesNotThrowAnyException();
  }
}
