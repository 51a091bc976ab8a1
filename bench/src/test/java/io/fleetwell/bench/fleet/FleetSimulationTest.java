package io.fleetwell.bench.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleetwell.local.RunningSystem;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** The simulation against what can be worked out with a pencil. */
class FleetSimulationTest {
  private static final long SEED = 1;
  private static final Percentage ONE_PERCENT = Percentage.withPercentage(1);

  private final Settings settings = Settings.of(RunningSystem.PROJECT.resolve("template.yaml"));
  private final Fleet fleet = Fleet.of(100_000);

  FleetSimulationTest() throws IOException {}

  private List<Second> settled(Fleet simulated, Scenario scenario, int seconds) {
    return FleetSimulation.run(simulated, settings, scenario, Quotas.NONE, 600 + seconds, SEED)
        .subList(600, 600 + seconds);
  }

  private static double mean(List<Second> seconds, ToDoubleFunction<Second> of) {
    return seconds.stream().mapToDouble(of).average().orElseThrow();
  }

  private static double sum(List<Second> seconds, ToDoubleFunction<Second> of) {
    return seconds.stream().mapToDouble(of).sum();
  }

  @Test
  void theSettingsAreTheTemplates() {
    assertThat(settings.firmwareCache()).isEqualTo(30);
    assertThat(settings.authorizerCache()).isEqualTo(300);
    assertThat(settings.routeRate()).isEqualTo(5_000);
    assertThat(settings.routeBurst()).isEqualTo(2_500);
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
    Fleet punctual = fleet.askingEvery(60).withJitter(0);
    List<Second> seconds = settled(punctual, Scenario.STEADY, 600);
    assertThat(sum(seconds, Second::authorized) / sum(seconds, Second::checks))
        .isCloseTo(0.2, within(1e-9));
  }

  @Test
  void everyDeviceInstallsAReleaseOnceAndTellsOfIt() {
    List<Second> seconds =
        FleetSimulation.run(fleet, settings, Scenario.RELEASE, Quotas.NONE, 3_000, SEED);
    assertThat(sum(seconds, Second::puts)).isEqualTo(100_000);
    assertThat(sum(seconds, Second::writes)).isEqualTo(200_000);
    assertThat(sum(seconds.subList(0, 330), Second::puts)).isZero();
  }

  @Test
  void whoeverIsRefusedComesBackUntilThereIsAnAnswer() {
    Quotas tight = new Quotas(500, 0, 10_000, 0, 1_000, 1_000);
    Fleet daily = fleet.askingEvery(86_400);
    List<Second> seconds =
        FleetSimulation.run(daily, settings, Scenario.RESTART, tight, 3_600, SEED);
    assertThat(sum(seconds, Second::answered)).isEqualTo(100_000);
    assertThat(sum(seconds, Second::tried) - sum(seconds, Second::refused)).isEqualTo(100_000);
    assertThat(seconds).allMatch(second -> second.answered() < 500 * 1.2);
  }

  @Test
  void aFleetThatSpreadsItsStartIsNotRefused() {
    Quotas enough = new Quotas(500, 100, 10_000, 0, 1_000, 1_000);
    assertThat(sum(
            FleetSimulation.run(fleet, settings, Scenario.RESTART_SPREAD, enough, 900, SEED),
            Second::refused))
        .isZero();
    assertThat(sum(
            FleetSimulation.run(fleet, settings, Scenario.RESTART, enough, 900, SEED),
            Second::refused))
        .isPositive();
  }

  @Test
  void theSameSeedIsTheSameFleet() {
    assertThat(settled(fleet, Scenario.STEADY, 10)).isEqualTo(settled(fleet, Scenario.STEADY, 10));
  }

  /** Each of two keys, in each of 100 environments, for 22.5 s on average; 6,000 bytes are two units. */
  @Test
  void eachEnvironmentReadsEachLineWhenItIsTooOld() {
    CatalogueCaches caches =
        new CatalogueCaches(fleet.withLines(1, 1, 6_000), 30, new Random(SEED));
    double units = 0;
    double hottest = 0;
    for (int second = 0; second < 10_000; second++) {
      caches.pass(second, 1e6, 100);
      units += caches.units();
      hottest = Math.max(hottest, caches.hottestKey());
    }
    assertThat(units / 10_000).isCloseTo(2 * 100 * 2 / 22.5, ONE_PERCENT);
    assertThat(hottest).as("as they start together").isEqualTo(200);
  }

  /** 1,000 calls of 6 ms are 6 at once on average. */
  @Test
  void thereAreAsManyEnvironmentsAsCallsAtOnce() {
    Environments environments = new Environments(0.006, 0, Quotas.NONE);
    environments.take(0, 1_000, Integer.MAX_VALUE);
    assertThat(environments.count()).isEqualTo((int) Math.ceil(6 + 4 * Math.sqrt(6)));
  }

  @Test
  void lambdaCountsAnEnvironmentForTenShortCallsASecond() {
    assertThat(new Environments(0.006, 0, Quotas.NONE).counted(10_000)).isEqualTo(1_000);
    assertThat(new Environments(1, 0, Quotas.NONE).counted(100)).isEqualTo(140);
  }

  /** A thousand at once, then a hundred more each second, of ten calls each. */
  @Test
  void aFunctionGrowsByAThousandEnvironmentsInTenSeconds() {
    Environments environments = new Environments(0.006, 0.5, Quotas.ofNewAccount(settings));
    assertThat(environments.admit(30_000)).isCloseTo(10_000, ONE_PERCENT);
    double taken = 0;
    for (int second = 0; second < 10; second++) {
      taken = environments.admit(30_000);
    }
    assertThat(taken).isCloseTo(20_000, ONE_PERCENT);
  }

  @Test
  void theLimitThatIsExceededMostIsNamedFirst() {
    Second busy = new Second(0, 0, 6_000, 0, 4_000, 100, 2_000, 10, 9_000, 10, 10);
    assertThat(FleetMeasurement.limits("", List.of(busy), Limit.all(settings)).cells())
        .extracting(cell -> cell.markdown())
        .containsExactly(
            "Units read under the hottest key",
            "3",
            "the parameter `FirmwareCacheSeconds` (3.0), Lambda's concurrent executions (2.0), the parameter `ThrottlingRate` (1.2)");
  }
}
