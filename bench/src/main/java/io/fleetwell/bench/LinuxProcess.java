package io.fleetwell.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Linux knows about a process: proc(5). */
final class LinuxProcess {
  private LinuxProcess() {}

  private static Path folder(long id) {
    return Path.of("/proc", String.valueOf(id));
  }

  /** The CPU time of all its threads. Unlike {@code stat}, {@code schedstat} counts nanoseconds. */
  static double cpuMillis(long id) throws IOException {
    long nanos = 0;
    try (Stream<Path> threads = Files.list(folder(id).resolve("task"))) {
      for (Path thread : threads.toList()) {
        nanos += cpuNanos(thread);
      }
    }
    return nanos / 1e6;
  }

  private static long cpuNanos(Path thread) throws IOException {
    try {
      return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
    } catch (NoSuchFileException e) {
      // The thread has ended since it was listed.
      return 0;
    }
  }

  /** Its largest resident set so far. */
  static double peakMegabytes(long id) throws IOException {
    List<String> lines = Files.readAllLines(folder(id).resolve("status"));
    return lines.stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        / 1_024.0;
  }
}
