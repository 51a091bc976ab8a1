package io.fleetwell.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.FieldError;
import io.fleetwell.failure.ParameterError;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** The outcome for arbitrary input: it is accepted, or refused with a declared kind of failure. */
public final class Verdict {
  private Verdict() {}

  /** The accepted value; empty if the input was refused. Requires a declared kind, and texts that UTF-8 can encode. */
  public static <T> Optional<T> of(Supplier<T> reading, FailureKind... declared) {
    try {
      return Optional.of(reading.get());
    } catch (Failure refusal) {
      assertThat(refusal.kind()).isIn((Object[]) declared);
      assertEncodable(refusal.detail());
      refusal.errors().forEach(Verdict::assertEncodable);
      refusal.parameterErrors().forEach(Verdict::assertEncodable);
      return Optional.empty();
    }
  }

  private static void assertEncodable(FieldError error) {
    assertThat(error.pointer()).matches("(?s)(/.*)?");
    assertEncodable(error.pointer());
    assertEncodable(error.detail());
  }

  private static void assertEncodable(ParameterError error) {
    assertEncodable(error.parameter());
    assertEncodable(error.detail());
  }

  /** UTF-8 cannot encode half a surrogate pair. */
  private static void assertEncodable(String text) {
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
  }
}
