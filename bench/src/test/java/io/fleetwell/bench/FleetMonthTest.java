package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Sums done by hand. */
class FleetMonthTest {
  private static final int MILLION = 1_000_000;

  /** Half of the second checks come within 300 seconds, and no third one. */
  @Test
  void twoChecksInThreeNeedTheAuthorizerAtFiveMinutes() {
    assertThat(new FleetMonth(MILLION, 300, 300).authorizedShare())
        .isCloseTo(2 / 3.0, within(1e-9));
  }

  @Test
  void everyCheckNeedsTheAuthorizerAtAnHour() {
    assertThat(new FleetMonth(MILLION, 3_600, 300).authorizedShare()).isOne();
  }

  @Test
  void oneCheckInTwelveNeedsTheAuthorizerIfADecisionLastsAnHour() {
    assertThat(new FleetMonth(MILLION, 300, 3_600).authorizedShare())
        .isCloseTo(1 / 12.0, within(0.005));
  }

  @Test
  void aDecisionThatIsNotCachedServesOneCheck() {
    assertThat(new FleetMonth(MILLION, 300, 0).authorizedShare()).isOne();
  }

  /** 30 days of 24 checks; then two thirds of 8,640 + 4 reports, 0.3 claims and 0.03 uploads. */
  @Test
  void callsGrowWithTheFleet() {
    assertThat(new FleetMonth(MILLION, 3_600, 300).checks()).isEqualTo(720e6);
    assertThat(new FleetMonth(MILLION, 300, 300).authorizations())
        .isCloseTo(5_764.33e6, within(1e3));
  }

  @Test
  void everyDeviceIsOfferedTheReleaseOnce() {
    assertThat(new FleetMonth(1_000, 3_600, 300).offers()).isEqualTo(1_000);
  }
}
