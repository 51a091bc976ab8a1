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
  private static final int ROUNDS = 5;

  /** In the order of a run. */
  private static List<Measurement> all(Scope scope) {
    return List.of(
        new StoreOperations(),
        new PackageContents(scope),
        new ColdStarts(scope),
        new Restores(scope),
        new WarmCalls(scope),
        new GrowthMeasurement(),
        new RulesMeasurement(),
        new FleetMeasurement(),
        new CostMeasurement());
  }

  private Bench() {}

  /**
   * Runs, from this module's folder.
   *
   * @param args the names of the measurements to take, if not all of them; the number of rounds; and the functions to
   *     measure, if not all, in which case nothing is kept. Each may be empty, and names have commas between.
   */
  public static void main(String[] args) throws Exception {
    Path docs = RunningSystem.PROJECT.resolve("docs");
    Report report = new Report(docs.resolve("performance.md"), docs.resolve("performance.json"));
    int rounds = args[1].isEmpty() ? ROUNDS : Integer.parseInt(args[1]);
    String machine = machine();
    Scope scope = new Scope(Processors.divide(), names(args[2]));
    for (Measurement measurement : chosen(all(scope), names(args[0]))) {
      String conditions = "%s; %s; %s"
          .formatted(measurement.conditions(rounds), machine, LocalDate.now(ZoneOffset.UTC));
      for (Table table : measurement.measure(rounds)) {
        System.out.printf("%n%s%n%n%s%n", table.markdown(), conditions);
        if (scope.functions().isEmpty()) {
          report.put(table, conditions);
        }
      }
    }
  }

  private static Set<String> names(String list) {
    return list.isEmpty() ? Set.of() : Set.of(list.split(",", -1));
  }

  private static List<Measurement> chosen(List<Measurement> all, Set<String> wanted) {
    if (wanted.isEmpty()) {
      return all;
    }
    List<Measurement> chosen = new ArrayList<>(all);
    chosen.removeIf(measurement -> !wanted.contains(measurement.name()));
    if (chosen.size() < wanted.size()) {
      throw new IllegalArgumentException("%s: there are %s"
          .formatted(wanted, all.stream().map(Measurement::name).toList()));
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
