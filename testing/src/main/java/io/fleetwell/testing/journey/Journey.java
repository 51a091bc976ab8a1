package io.fleetwell.testing.journey;

import io.fleetwell.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The calls in {@code journey.jsonl}, in an order in which each finds what the ones before left. */
public final class Journey {
  /** When the first call is made. */
  public static final Instant START = Instant.parse("2026-11-23T21:42:08Z");

  /** The time between two calls. */
  public static final Duration STEP = Duration.ofSeconds(1);

  static final Path FILE = Project.FOLDER.resolve("testing/src/main/resources/journey.jsonl");

  private final List<JourneyLine> lines;

  private Journey(List<JourneyLine> lines) {
    this.lines = List.copyOf(lines);
  }

  /** The project's. */
  public static Journey read() {
    try {
      return new Journey(
          Files.readAllLines(FILE).stream().map(JourneyLine::parse).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<JourneyLine> lines() {
    return lines;
  }

  /** The line of an operation, or of a title. */
  public JourneyLine line(String call) {
    return lines.stream()
        .filter(line -> line.call().equals(call))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the journey has no call " + call));
  }

  /** One line of each operation, and one of the authorizer. */
  public List<JourneyLine> recorded() {
    return lines.stream().filter(JourneyLine::isRecorded).toList();
  }

  /** The lines before the first one that waits, which can be played on a real clock. */
  public List<JourneyLine> withoutPause() {
    return lines.stream().takeWhile(line -> line.pause().isZero()).toList();
  }
}
