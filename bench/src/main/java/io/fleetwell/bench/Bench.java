package io.fleetwell.bench;

import io.fleetwell.bench.fleet.FleetMeasurement;
import io.fleetwell.testing.Project;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Measures, prints the tables, and puts them into {@code docs/performance.md}. */
public final class Bench {
  private static final int ROUNDS = 5;

  /** One part of a run. */
  private interface Measurement {
    /** @param rounds how many samples to take of each figure that is not a count */
    List<Table> measure(int rounds) throws Exception;
  }

  private Bench() {}

  /** By the names that {@code ONLY} takes, in the order of a run. */
  private static Map<String, Measurement> all(Scope scope) {
    Map<String, Measurement> all = new LinkedHashMap<>();
    all.put("operations", rounds -> List.of(StoreOperations.measure(scope)));
    all.put("package", rounds -> List.of(PackageContents.measure(scope)));
    all.put("cold", rounds -> List.of(Starts.cold(scope, rounds)));
    all.put("restore", rounds -> List.of(Starts.restored(scope, rounds)));
    all.put("warm", rounds -> List.of(WarmCalls.measure(scope, rounds)));
    all.put("growth", Growth::measure);
    all.put("fleet", rounds -> FleetMeasurement.measure());
    all.put("cost", rounds -> Costs.measure(scope));
    return all;
  }

  /**
   * Runs in this module's folder.
   *
   * @param args the measurements to take, the number of rounds, and the functions to measure, in which case no table is
   *     kept; each may be empty, which means the default, and names are separated by commas
   */
  public static void main(String[] args) throws Exception {
    int rounds = args[1].isEmpty() ? ROUNDS : Integer.parseInt(args[1]);
    Scope scope = Scope.dividing(names(args[2]));
    Map<String, Measurement> all = all(scope);
    Set<String> wanted = args[0].isEmpty() ? all.keySet() : names(args[0]);
    if (!all.keySet().containsAll(wanted)) {
      throw new IllegalArgumentException("%s: there are %s".formatted(wanted, all.keySet()));
    }
    for (Map.Entry<String, Measurement> measurement : all.entrySet()) {
      if (wanted.contains(measurement.getKey())) {
        String conditions = conditions();
        for (Table table : measurement.getValue().measure(rounds)) {
          report(table, conditions, scope.functions().isEmpty());
        }
      }
    }
  }

  private static Set<String> names(String list) {
    return list.isEmpty() ? Set.of() : Set.of(list.split(",", -1));
  }

  private static void report(Table table, String conditions, boolean keep) throws Exception {
    String text = "%s%n%n%s; %s".formatted(table.markdown(), table.conditions(), conditions);
    System.out.printf("%n%s%n", text);
    if (keep) {
      Path document = Project.FOLDER.resolve("docs/performance.md");
      Files.writeString(document, table.replacedIn(Files.readString(document), text));
    }
  }

  /** The machine, its load before the measurement, since times of a busy machine say little, and the date. */
  private static String conditions() {
    var machine = ManagementFactory.getOperatingSystemMXBean();
    return "%d processors (%s), load %.1f before; %s"
        .formatted(
            Scope.PROCESSORS,
            machine.getArch(),
            machine.getSystemLoadAverage(),
            LocalDate.now(ZoneOffset.UTC));
  }
}
