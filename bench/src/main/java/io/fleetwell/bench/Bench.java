package io.fleetwell.bench;

import io.fleetwell.bench.cost.CostMeasurement;
import io.fleetwell.bench.fleet.FleetMeasurement;
import io.fleetwell.bench.growth.GrowthMeasurement;
import io.fleetwell.bench.rules.RulesMeasurement;
import io.fleetwell.local.RunningSystem;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Measures, prints what was found, and puts it into {@code docs/performance.md}. */
public final class Bench {
  private static final int ROUNDS = 7;

  /** In the order of a run. */
  private static final List<Measurement> MEASUREMENTS = List.of(
      new GrowthMeasurement(),
      new RulesMeasurement(),
      new FleetMeasurement(),
      new CostMeasurement());

  private Bench() {}

  /**
   * Runs, from this module's folder.
   *
   * @param args the names of the measurements to take with commas between, if not all of them, and the number of rounds;
   *     each may be empty
   */
  public static void main(String[] args) throws Exception {
    Path docs = RunningSystem.PROJECT.resolve("docs");
    Report report = new Report(docs.resolve("performance.md"), docs.resolve("performance.json"));
    int rounds = args[1].isEmpty() ? ROUNDS : Integer.parseInt(args[1]);
    for (Measurement measurement : chosen(args[0])) {
      String conditions = "%s; %s; %s"
          .formatted(measurement.conditions(rounds), machine(), LocalDate.now(ZoneOffset.UTC));
      for (Table table : measurement.measure(rounds)) {
        System.out.printf("%n%s%n%n%s%n", table.markdown(), conditions);
        report.put(table, conditions);
      }
    }
  }

  private static List<Measurement> chosen(String names) {
    if (names.isEmpty()) {
      return MEASUREMENTS;
    }
    Set<String> wanted = Set.of(names.split(","));
    List<Measurement> chosen = new ArrayList<>(MEASUREMENTS);
    chosen.removeIf(measurement -> !wanted.contains(measurement.name()));
    if (chosen.size() < wanted.size()) {
      throw new IllegalArgumentException("%s: there are %s"
          .formatted(names, MEASUREMENTS.stream().map(Measurement::name).toList()));
    }
    return chosen;
  }

  /** Processor and load, since figures of a busy machine say little. */
  private static String machine() throws Exception {
    try (Stream<String> cpu = Files.lines(Path.of("/proc/cpuinfo"))) {
      String model = cpu.filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 2))
          .findFirst()
          .orElse(System.getProperty("os.arch"));
      double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
      return "%d × %s, load %.1f before"
          .formatted(Runtime.getRuntime().availableProcessors(), model, load);
    }
  }
}
