package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleetwell.bench.CostModel.Use;
import io.fleetwell.bench.MonthlyBill.Uses;
import io.fleetwell.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Sums done by hand, for calls that use about what was measured in November 2026. */
class MonthlyBillTest {
  private static final int HOUR = 3_600;
  private static final int SIX_HOURS = 21_600;

  private static final Uses USES = new Uses(
      new Use(1, 1, 0, 0, 0, 500, 428, 300),
      new Use(1, 1, 0, 0, 0, 700, 491, 300),
      new Use(1, 23, 1, 2, 0, 400, 205, 300),
      new Use(1, 93, 2, 14, 0, 300, 382, 300),
      new Use(1, 29, 0, 2, 1, 500, 407, 300),
      new Use(0, 27, 1, 0, 0, 0, 177, 0));

  private static final Deployed DEPLOYED = Deployed.by(Project.FOLDER.resolve("template.yaml"));

  private static MonthlyBill bill(long devices, int interval) {
    return new MonthlyBill(new FleetMonth(devices, interval, 300), USES, DEPLOYED);
  }

  private static double line(String name, MonthlyBill bill) {
    assertThat(bill.lines()).containsKey(name);
    return bill.lines().getOrDefault(name, Double.NaN);
  }

  /** Alarms are all that a stack pays for which nobody calls. */
  @Test
  void anIdleStackCostsLessThanOneDollarFifty() {
    MonthlyBill idle = bill(0, HOUR);
    assertThat(idle.total()).isEqualTo(line("Alarms", idle)).isLessThan(1.50);
  }

  @Test
  void theReadmeAndTheGuideSayWhatAnIdleStackCosts() throws IOException {
    MonthlyBill idle = bill(0, HOUR);
    String cost = String.format(Locale.ROOT, "%.2f dollars a month", idle.total());
    String client = String.format(Locale.ROOT, "%.2f a month", idle.operatorClient());
    assertThat(Files.readString(Project.FOLDER.resolve("README.md"))).contains(cost);
    assertThat(Files.readString(Project.FOLDER.resolve("docs/operations.md")))
        .contains(cost, client);
  }

  /** 120 million checks of 1.00, 4 million reports, 0.3 million claims, 0.03 million uploads. */
  @Test
  void aMonthPaysForReportsClaimsAndUploadsToo() {
    assertThat(line("HTTP API", bill(1_000_000, SIX_HOURS))).isCloseTo(124.33, within(0.01));
  }

  /** 719 million answers of 500 bytes and one of 700, and 1.7 GB of other answers; 100 GB are free. */
  @Test
  void allChecksButOneFindNoUpdate() {
    assertThat(line("Data out", bill(1_000_000, HOUR))).isCloseTo(23.57, within(0.005));
  }

  /** The same again by the authorizer, less the first million. */
  @Test
  void theAuthorizerIsPaidWithTheCallsThatNeedIt() {
    assertThat(line("Lambda, requests", bill(1_000_000, SIX_HOURS)))
        .isCloseTo((124.33 * 2 - 1) * 0.20, within(0.01));
  }

  /** 5 TB, the first of which is free, at 0.085. */
  @Test
  void imagesArePaid() {
    assertThat(line("Images, from CloudFront", bill(1_000_000, HOUR))).isCloseTo(340, within(0.01));
    assertThat(line("Images, from CloudFront", bill(200_000, HOUR))).isZero();
  }

  /** 3 KB of each device, within the 25 GB that are free, and their recovery, 3 × 0.20. */
  @Test
  void tablesAndTheirRecoveryArePaid() {
    assertThat(line("Tables, and their recovery", bill(1_000_000, HOUR)))
        .isCloseTo(0.60, within(0.005));
  }

  /** 90,000 files of 200 KB, 18 GB. */
  @Test
  void uploadsArePaidWhileTheyAreKept() {
    assertThat(line("Uploads, kept", bill(1_000_000, HOUR))).isCloseTo(0.414, within(0.0005));
  }

  /** Two of a product line, the same two in total, claims and uploads. */
  @Test
  void metricsArePaidOnceThereIsAFleet() {
    assertThat(line("Metrics, of one product line", bill(100, HOUR)))
        .isCloseTo(1.80, within(0.005));
    assertThat(line("Metrics, of one product line", bill(0, HOUR))).isZero();
  }

  /** 300,000 users, 10,000 of them free. */
  @Test
  void usersOfTheTemplatesPoolArePaidByTheTierOfThePool() {
    MonthlyBill bill = bill(1_000_000, HOUR);
    assertThat(bill.usersInLite()).isCloseTo(1_595, within(0.01));
    assertThat(bill.usersInEssentials()).isCloseTo(4_350, within(0.01));
  }

  /** 30 million tokens at 2.25 a thousand. */
  @Test
  void tokensThatCognitoMakesForDevicesWouldCostMoreThanAllElse() {
    assertThat(bill(1_000_000, 300).deviceTokens()).isCloseTo(67_500, within(0.01));
  }

  /** 8,644.33 million of 5,549 bytes, nearly 48 TB, on top of 4.5 TB of answers: most of it at 0.085. */
  @Test
  void handshakesWouldCostAboutAsMuchAsLambda() {
    assertThat(bill(1_000_000, 300).handshakes()).isCloseTo(4_061, within(50.0));
  }

  /** 1.45 million calls of functions, less than one a second of each; 0.1 million are free. */
  @Test
  void tracesOfASmallFleetCostMoreThanAllElse() {
    MonthlyBill bill = bill(1_000, HOUR);
    assertThat(bill.traces()).isCloseTo(6.74, within(0.005)).isGreaterThan(bill.total());
  }

  @Test
  void accessLogsAndTracesAreOnlyPaidIfTheyAreOn() {
    MonthlyBill off = bill(1_000_000, HOUR);
    Deployed looking = new Deployed(DEPLOYED.alarmMetrics(), 300, 300, true, true, true);
    MonthlyBill on = new MonthlyBill(new FleetMonth(1_000_000, HOUR, 300), USES, looking);
    assertThat(on.total() - off.total())
        .isCloseTo(off.accessLogs() + off.traces(), within(0.001))
        .isGreaterThan(400);
  }

  @Test
  void withoutRequestLogsNothingIsCounted() {
    Deployed silent = new Deployed(DEPLOYED.alarmMetrics(), 300, 300, false, false, false);
    MonthlyBill bill = new MonthlyBill(new FleetMonth(1_000, HOUR, 300), USES, silent);
    assertThat(bill.lines()).doesNotContainKey("`RequestLogs`");
    assertThat(line("Metrics, of one product line", bill)).isZero();
  }
}
