package io.fleetwell.logs;

import java.util.Optional;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Whether a zip file is sound. */
@State(Scope.Benchmark)
public class ZipBenchmark {
  /** How long the log is that is in the file. */
  public static final int UNPACKED_BYTES = 2_000_000;

  private static final int SEED = 1;

  private final byte[] zip = ZippedLogs.zip(log());

  private static String log() {
    Random random = new Random(SEED);
    StringBuilder log = new StringBuilder();
    while (log.length() < UNPACKED_BYTES) {
      log.append("[%12d.%06d] wlan0: signal %d dBm, %s%n"
          .formatted(
              log.length(),
              random.nextInt(1_000_000),
              -random.nextInt(90),
              Long.toHexString(random.nextLong())));
    }
    return log.substring(0, UNPACKED_BYTES);
  }

  @Benchmark
  public Optional<ZipRule> inspectingAZip() {
    return ZipInspector.firstBrokenRule(zip);
  }
}
