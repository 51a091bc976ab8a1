package io.fleetwell.bench.fleet;

import io.fleetwell.bench.Figure;
import io.fleetwell.bench.Table;
import io.fleetwell.testing.Project;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What fleets of several sizes ask of the platform, and how they come back after an outage. */
public final class FleetMeasurement {
  private static final long SEED = 20261125;
  private static final long MILLION = 1_000_000;
  private static final List<Long> SIZES = List.of(MILLION, 10 * MILLION, 100 * MILLION);

  /** Three intervals, after which the environments that a start needed are gone. */
  private static final int SETTLED = 900;

  private static final int STEADY_SECONDS = 1_200;
  private static final int RELEASE_SECONDS = 2_100;
  private static final int RESTART_SECONDS = 900;

  private FleetMeasurement() {}

  public static List<Table> measure() throws IOException {
    Platform platform = Platform.of(Project.FOLDER.resolve("template.yaml"));
    List<List<String>> load = new ArrayList<>();
    List<List<String>> restarts = new ArrayList<>();
    for (long devices : SIZES) {
      Fleet fleet = Fleet.of(devices);
      for (Scenario scenario : List.of(Scenario.STEADY, Scenario.RELEASE)) {
        int seconds = scenario == Scenario.STEADY ? STEADY_SECONDS : RELEASE_SECONDS;
        List<Second> settled = FleetSimulation.run(
                fleet, platform.unlimited(), scenario, seconds, SEED)
            .subList(SETTLED, seconds);
        String exceeded = Limit.exceeded(settled, Limit.all(platform));
        load.add(load(name(fleet, scenario), settled, exceeded));
      }
      Platform raised = platform.raised((int) (devices / MILLION));
      for (Scenario scenario : List.of(Scenario.RESTART, Scenario.RESTART_SPREAD)) {
        List<Second> all = FleetSimulation.run(fleet, raised, scenario, RESTART_SECONDS, SEED);
        restarts.add(restart(name(fleet, scenario), all));
      }
    }
    String simulated = "simulated, seed " + SEED;
    return List.of(
        new Table(
            "fleet-load",
            simulated,
            "Devices | checks/s | PUT/s | authorizer/s | environments | units read/s"
                + " | of the hottest key | units written/s | to raise",
            load),
        new Table(
            "fleet-restart",
            simulated,
            "Devices | tries in the busiest second | seconds until none is refused"
                + " | tries for each answer | environments | of the hottest key, units/s",
            restarts));
  }

  private static String name(Fleet fleet, Scenario scenario) {
    return String.format(
        Locale.ROOT, "%,d million, %s", fleet.devices() / MILLION, scenario.words());
  }

  private static List<String> load(String name, List<Second> seconds, String exceeded) {
    return List.of(
        name,
        all(seconds, Second::checks),
        all(seconds, Second::puts),
        all(seconds, Second::authorized),
        all(seconds, Second::environments),
        all(seconds, Second::reads),
        all(seconds, Second::hottestKey),
        all(seconds, Second::writes),
        exceeded);
  }

  private static String all(List<Second> seconds, ToDoubleFunction<Second> of) {
    return Figure.of(seconds.stream().mapToDouble(of).map(Math::rint).toArray());
  }

  private static List<String> restart(String name, List<Second> seconds) {
    int calm = 0;
    for (int i = 0; i < seconds.size(); i++) {
      calm = seconds.get(i).refused() > 0 ? i + 1 : calm;
    }
    List<Second> until = seconds.subList(0, Math.max(calm, 1));
    double tried = until.stream().mapToDouble(Second::tried).sum();
    double answered = until.stream().mapToDouble(Second::answered).sum();
    return List.of(
        name,
        most(seconds, Second::tried),
        Figure.exactly(calm),
        Figure.exactly(tried / answered),
        most(seconds, Second::environments),
        most(seconds, Second::hottestKey));
  }

  private static String most(List<Second> seconds, ToDoubleFunction<Second> of) {
    return Figure.exactly(Math.rint(seconds.stream().mapToDouble(of).max().orElse(0)));
  }
}
