package io.fleetwell.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.FieldError;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** What becomes of input that may be anything: it is accepted, or refused in one of the ways that are declared. */
public final class Verdict {
  private Verdict() {}

  /** What was accepted; empty if it was refused, as one of these kinds and in words that an answer can hold. */
  public static <T> Optional<T> of(Supplier<T> reading, FailureKind... declared) {
    try {
      return Optional.of(reading.get());
    } catch (Failure refusal) {
      assertThat(refusal.kind()).isIn((Object[]) declared);
      assertCanBeTold(refusal.detail());
      refusal.errors().forEach(Verdict::assertCanBeTold);
      return Optional.empty();
    }
  }

  private static void assertCanBeTold(FieldError error) {
    assertThat(error.pointer()).matches("(?s)(/.*)?");
    assertCanBeTold(error.pointer());
    assertCanBeTold(error.detail());
  }

  /** Half a surrogate pair has no place in an answer. */
  private static void assertCanBeTold(String text) {
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
  }
}
