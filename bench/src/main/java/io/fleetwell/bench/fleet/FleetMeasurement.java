package io.fleetwell.bench.fleet;

import io.fleetwell.bench.Cell;
import io.fleetwell.bench.Figure;
import io.fleetwell.bench.Measurement;
import io.fleetwell.bench.Table;
import io.fleetwell.bench.Table.Row;
import io.fleetwell.local.RunningSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What fleets of several sizes ask of the platform, and how they come back after an outage. */
public final class FleetMeasurement implements Measurement {
  private static final long SEED = 20261125;
  private static final long MILLION = 1_000_000;
  private static final List<Long> SIZES = List.of(MILLION, 10 * MILLION, 100 * MILLION);

  /** Three intervals, after which the environments that a start needed are gone. */
  private static final int SETTLED = 900;

  private static final int STEADY_SECONDS = 1_200;
  private static final int RELEASE_SECONDS = 2_100;
  private static final int RESTART_SECONDS = 900;

  @Override
  public String name() {
    return "fleet";
  }

  @Override
  public String conditions(int rounds) {
    return "simulated, seed %d".formatted(SEED);
  }

  @Override
  public List<Table> measure(int rounds) throws IOException {
    Settings settings = Settings.of(RunningSystem.PROJECT.resolve("template.yaml"));
    List<Row> load = new ArrayList<>();
    List<Row> limits = new ArrayList<>();
    List<Row> restarts = new ArrayList<>();
    for (long devices : SIZES) {
      Fleet fleet = Fleet.of(devices);
      for (Scenario scenario : List.of(Scenario.STEADY, Scenario.RELEASE)) {
        int seconds = scenario == Scenario.STEADY ? STEADY_SECONDS : RELEASE_SECONDS;
        List<Second> all =
            FleetSimulation.run(fleet, settings, scenario, Quotas.NONE, seconds, SEED);
        List<Second> settled = all.subList(SETTLED, seconds);
        load.add(load(name(fleet, scenario), settled));
        limits.add(limits(name(fleet, scenario), settled, Limit.all(settings)));
      }
      for (Scenario scenario : List.of(Scenario.RESTART, Scenario.RESTART_SPREAD)) {
        Quotas quotas = Quotas.ofNewAccount(settings).raised((int) (devices / MILLION));
        restarts.add(restart(
            name(fleet, scenario),
            FleetSimulation.run(fleet, settings, scenario, quotas, RESTART_SECONDS, SEED)));
      }
    }
    return List.of(
        new Table(
            "fleet-load",
            List.of(
                "Devices",
                "checks/s",
                "PUT/s",
                "authorizer/s",
                "environments",
                "units read/s",
                "of the hottest key",
                "units written/s"),
            load),
        new Table(
            "fleet-limits",
            List.of("Devices", "First limit", "Times it, in a busy second", "Raise"),
            limits),
        new Table(
            "fleet-restart",
            List.of(
                "Devices",
                "tries in the busiest second",
                "seconds until none is refused",
                "tries for each answer",
                "environments",
                "of the hottest key, units/s"),
            restarts));
  }

  private static String name(Fleet fleet, Scenario scenario) {
    return String.format(
        Locale.ROOT, "%,d million, %s", fleet.devices() / MILLION, scenario.words());
  }

  private static Row load(String name, List<Second> seconds) {
    return Row.of(
        name,
        all(seconds, Second::checks),
        all(seconds, Second::puts),
        all(seconds, Second::authorized),
        all(seconds, Second::environments),
        all(seconds, Second::reads),
        all(seconds, Second::hottestKey),
        all(seconds, Second::writes));
  }

  private static Figure all(List<Second> seconds, ToDoubleFunction<Second> of) {
    return Figure.of(seconds.stream().mapToDouble(of).mapToObj(Math::rint).toList());
  }

  /** All that are reached are to be raised; the first is the one that is exceeded most. */
  static Row limits(String name, List<Second> seconds, List<Limit> limits) {
    List<Limit> byUse = limits.stream()
        .sorted(Comparator.comparingDouble((Limit limit) -> limit.used(seconds)).reversed())
        .toList();
    Limit first = byUse.get(0);
    String remedies = byUse.stream()
        .filter(limit -> limit.used(seconds) > 1)
        .map(limit -> String.format(Locale.ROOT, "%s (%.1f)", limit.remedy(), limit.used(seconds)))
        .collect(Collectors.joining(", "));
    return Row.of(
        name,
        Cell.of(first.name()),
        Figure.exactly(first.used(seconds)),
        Cell.of(remedies.isEmpty() ? "nothing" : remedies));
  }

  private static Row restart(String name, List<Second> seconds) {
    int calm = 0;
    for (int i = 0; i < seconds.size(); i++) {
      calm = seconds.get(i).refused() > 0 ? i + 1 : calm;
    }
    List<Second> until = seconds.subList(0, Math.max(calm, 1));
    double tried = until.stream().mapToDouble(Second::tried).sum();
    double answered = until.stream().mapToDouble(Second::answered).sum();
    return Row.of(
        name,
        most(seconds, Second::tried),
        Figure.exactly(calm),
        Figure.exactly(tried / answered),
        most(seconds, Second::environments),
        most(seconds, Second::hottestKey));
  }

  private static Figure most(List<Second> seconds, ToDoubleFunction<Second> of) {
    return Figure.exactly(Math.rint(seconds.stream().mapToDouble(of).max().orElse(0)));
  }
}
