package io.fleetwell.bench.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleetwell.firmware.CatalogueReads;
import io.fleetwell.testing.Project;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The simulation against what can be calculated by hand. */
class FleetSimulationTest {
  private static final long SEED = 1;
  private static final Percentage ONE_PERCENT = Percentage.withPercentage(1);

  private final Platform platform = Platform.of(Project.FOLDER.resolve("template.yaml"));
  private final Fleet fleet = Fleet.of(100_000);

  FleetSimulationTest() throws IOException {}

  private Platform platform(int routeRate, int routeBurst) {
    return new Platform(
        platform.firmwareCache(),
        platform.authorizerCache(),
        routeRate,
        routeBurst,
        platform.calls(),
        platform.burst(),
        platform.concurrency(),
        platform.growth());
  }

  private List<Second> settled(Fleet simulated, Scenario scenario, int seconds) {
    return FleetSimulation.run(simulated, platform.unlimited(), scenario, 600 + seconds, SEED)
        .subList(600, 600 + seconds);
  }

  private static double mean(List<Second> seconds, ToDoubleFunction<Second> of) {
    return seconds.stream().mapToDouble(of).average().orElseThrow();
  }

  private static double sum(List<Second> seconds, ToDoubleFunction<Second> of) {
    return seconds.stream().mapToDouble(of).sum();
  }

  @Test
  void theDefaultsAreTheTemplates() {
    assertThat(platform.firmwareCache()).isEqualTo(30);
    assertThat(platform.authorizerCache()).isEqualTo(300);
    assertThat(platform.routeRate()).isEqualTo(5_000);
    assertThat(platform.routeBurst()).isEqualTo(2_500);
  }

  @Test
  void eachDeviceChecksOnceInAnInterval() {
    assertThat(mean(settled(fleet, Scenario.STEADY, 600), Second::checks))
        .isCloseTo(100_000 / 300.0, ONE_PERCENT);
  }

  @Test
  void aDeviceOfALargeFleetStandsForSeveral() {
    assertThat(mean(settled(Fleet.of(2_000_000), Scenario.STEADY, 10), Second::checks))
        .isCloseTo(2_000_000 / 300.0, Percentage.withPercentage(2));
  }

  /** Of 60 s in which a check may come, 29.5 are in time, after whole seconds; and the one after that never is. */
  @Test
  void twoChecksInThreeAskTheAuthorizerWhenItRemembersForOneInterval() {
    List<Second> seconds = settled(fleet, Scenario.STEADY, 5_400).subList(2_400, 5_400);
    assertThat(mean(seconds, Second::authorized) / mean(seconds, Second::checks))
        .isCloseTo(1 / (1 + 29.5 / 60), ONE_PERCENT);
  }

  @Test
  void oneCheckInFiveAsksTheAuthorizerWhenItRemembersForFiveIntervals() {
    Fleet punctual = new Fleet(fleet.devices(), 60, 0);
    List<Second> seconds = settled(punctual, Scenario.STEADY, 600);
    assertThat(sum(seconds, Second::authorized) / sum(seconds, Second::checks))
        .isCloseTo(0.2, within(1e-9));
  }

  @Test
  void everyDeviceInstallsAReleaseOnceAndReportsIt() {
    List<Second> seconds =
        FleetSimulation.run(fleet, platform.unlimited(), Scenario.RELEASE, 3_000, SEED);
    assertThat(sum(seconds, Second::puts)).isEqualTo(100_000);
    assertThat(sum(seconds, Second::writes)).isEqualTo(200_000);
    assertThat(sum(seconds.subList(0, 330), Second::puts)).isZero();
  }

  @Test
  void aRefusedDeviceRetriesUntilItIsAnswered() {
    Platform tight = platform(500, 0);
    Fleet daily = new Fleet(fleet.devices(), 86_400, fleet.jitter());
    List<Second> seconds = FleetSimulation.run(daily, tight, Scenario.RESTART, 3_600, SEED);
    assertThat(sum(seconds, Second::answered)).isEqualTo(100_000);
    assertThat(sum(seconds, Second::tried) - sum(seconds, Second::refused)).isEqualTo(100_000);
    assertThat(seconds).allMatch(second -> second.answered() < 500 * 1.2);
  }

  @Test
  void aFleetThatSpreadsItsStartIsNotRefused() {
    Platform enough = platform(500, 100);
    assertThat(sum(
            FleetSimulation.run(fleet, enough, Scenario.RESTART_SPREAD, 900, SEED),
            Second::refused))
        .isZero();
    assertThat(
            sum(FleetSimulation.run(fleet, enough, Scenario.RESTART, 900, SEED), Second::refused))
        .isPositive();
  }

  @Test
  void theSameSeedIsTheSameFleet() {
    assertThat(settled(fleet, Scenario.STEADY, 10)).isEqualTo(settled(fleet, Scenario.STEADY, 10));
  }

  /**
   * Three keys are used in each of 100 environments, and two of them are of one line. An environment keeps a line for 15 to
   * 30 s, and reads it again in the next whole second.
   */
  @Test
  void eachEnvironmentReadsEachLineWhenItIsTooOld() {
    CatalogueReads catalogues = new CatalogueReads(1, 1, 30, new Random(SEED));
    double all = 0;
    double hottest = 0;
    for (int second = 0; second < 10_000; second++) {
      CatalogueReads.Reads reads = catalogues.pass(second, 1e6, 100);
      all += reads.lines();
      hottest = Math.max(hottest, reads.hottest());
    }
    assertThat(all / 10_000).isCloseTo(3 * 100 / 23.0, ONE_PERCENT);
    assertThat(hottest).as("as they start together").isEqualTo(100);
  }

  /** 1,000 calls of 6 ms are 6 at once on average, once those that a start needed are gone. */
  @Test
  void thereAreAsManyEnvironmentsAsCallsAtOnce() {
    Environments environments = new Environments(0.006, platform.unlimited());
    for (int second = 0; second <= 300; second++) {
      environments.take(second, 1_000);
    }
    assertThat(environments.count()).isEqualTo((int) Math.ceil(6 + 4 * Math.sqrt(6)));
  }

  @Test
  void lambdaCountsAnEnvironmentForTenShortCallsASecond() {
    assertThat(new Environments(0.006, platform.unlimited()).counted(10_000)).isEqualTo(1_000);
    assertThat(new Environments(1, platform.unlimited()).counted(100)).isEqualTo(140);
  }

  /** A thousand at once, then a hundred more each second, of ten calls each. */
  @Test
  void aFunctionGrowsByAThousandEnvironmentsInTenSeconds() {
    Environments environments = new Environments(0.006, platform);
    assertThat(environments.admit(30_000)).isCloseTo(10_000, ONE_PERCENT);
    double taken = 0;
    for (int second = 0; second < 10; second++) {
      taken = environments.admit(30_000);
    }
    assertThat(taken).isCloseTo(20_000, ONE_PERCENT);
  }

  @Test
  void theLimitThatIsExceededMostIsNamedFirst() {
    Second busy = new Second(0, 6_000, 0, 4_000, 100, 2_000, 10, 9_000, 10, 10);
    assertThat(Limit.exceeded(List.of(busy), Limit.all(platform)))
        .isEqualTo("the parameter `FirmwareCacheSeconds` (3.0),"
            + " Lambda's concurrent executions (2.0), the parameter `ThrottlingRate` (1.2)");
  }
}
