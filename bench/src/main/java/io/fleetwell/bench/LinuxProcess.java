package io.fleetwell.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Linux tells of a process (proc(5)).
 *
 * @param folder of {@code /proc}
 */
record LinuxProcess(Path folder) {
  static LinuxProcess of(long id) {
    return new LinuxProcess(Path.of("/proc", String.valueOf(id)));
  }

  /** How long its threads have been on a processor; {@code stat} would tell to 10 ms only. */
  double cpuMillis() throws IOException {
    long nanos = 0;
    try (Stream<Path> threads = Files.list(folder.resolve("task"))) {
      for (Path thread : threads.toList()) {
        nanos += nanosOf(thread);
      }
    }
    return nanos / 1e6;
  }

  private static long nanosOf(Path thread) throws IOException {
    try {
      return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", 2)[0]);
    } catch (NoSuchFileException e) {
      // It has ended meanwhile.
      return 0;
    }
  }

  /** The largest resident set that it has had. */
  double peakMegabytes() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("status"));
    return lines.stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        / 1_024.0;
  }
}
