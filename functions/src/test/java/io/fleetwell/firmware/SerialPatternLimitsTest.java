package io.fleetwell.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.failure.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The limit of all patterns of a product line. {@link FirmwareDocumentTest} tests single patterns. */
class SerialPatternLimitsTest {
  /** A pattern of 500 instructions, different for each number. */
  private static String large(int i) {
    return "[%c]{498}".formatted('a' + i);
  }

  private static Firmware firmware(String version, Optional<String> serialRegex) {
    return new Firmware(
        new ProductLine("Speaker", "eu"),
        Version.parse(version).readable().orElseThrow(),
        "https://example.com/f",
        serialRegex.map(SerialPattern::compile),
        false,
        false,
        List.of(),
        Instant.EPOCH);
  }

  private static List<Firmware> fiveLargeOnes() {
    return IntStream.range(0, 5)
        .mapToObj(i -> firmware("1." + i, Optional.of(large(i))))
        .toList();
  }

  @Test
  void aPatternMayReachTheLimit() {
    assertThat(SerialPattern.compile(large(4)).programSize()).isEqualTo(500);
    assertThatCode(() -> SerialPatternLimits.requireRoom(
            fiveLargeOnes().get(4), fiveLargeOnes().subList(0, 4)))
        .doesNotThrowAnyException();
  }

  @Test
  void aPatternBeyondTheLimitIsRefused() {
    Firmware more = firmware("2", Optional.of("S"));
    Failure failure = catchThrowableOfType(
        Failure.class, () -> SerialPatternLimits.requireRoom(more, fiveLargeOnes()));
    assertThat(failure.kind()).isEqualTo(FirmwareFailures.TOO_MANY_PATTERNS);
    assertThat(failure.detail()).contains("2,503", "2,500");
  }

  /** No check tries them. */
  @Test
  void patternsOfUnreadableVersionsDoNotCount() {
    Firmware readable = firmware("1", Optional.of(large(5)));
    Firmware unreadable = new Firmware(
        readable.line(),
        new UnreadableVersion("1.2.3c1", "is unreadable"),
        readable.downloadUrl(),
        readable.serialPattern(),
        readable.mandatory(),
        readable.test(),
        List.of(),
        readable.published(),
        readable.id());
    List<Firmware> line = Stream.concat(
            fiveLargeOnes().subList(0, 4).stream(), Stream.of(unreadable))
        .toList();
    assertThatCode(() -> SerialPatternLimits.requireRoom(fiveLargeOnes().get(4), line))
        .doesNotThrowAnyException();
  }

  @Test
  void aRepeatedPatternCountsOnce() {
    Firmware more = firmware("2", Optional.of(large(3)));
    assertThatCode(() -> SerialPatternLimits.requireRoom(more, fiveLargeOnes()))
        .doesNotThrowAnyException();
  }
}
