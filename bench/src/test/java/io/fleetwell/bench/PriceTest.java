package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Sums done by hand. */
class PriceTest {
  private static final Price IN_STEPS = Price.of(3).afterFree(10).from(100, 2).from(200, 1);

  @Test
  void anAmountThatIsFreeCostsNothing() {
    assertThat(IN_STEPS.ofMonth(0)).isZero();
    assertThat(IN_STEPS.ofMonth(10)).isZero();
  }

  @Test
  void onlyWhatExceedsTheFreeAmountIsPaid() {
    assertThat(IN_STEPS.ofMonth(30)).isEqualTo(60);
  }

  /** 90 × 3 + 50 × 2; then 90 × 3 + 100 × 2 + 40 × 1. */
  @Test
  void eachPartOfAnAmountHasThePriceOfItsStep() {
    assertThat(IN_STEPS.ofMonth(150)).isEqualTo(370);
    assertThat(IN_STEPS.ofMonth(240)).isEqualTo(510);
  }

  @Test
  void oneUnitHasThePriceOfTheFirstStep() {
    assertThat(IN_STEPS.ofOne()).isEqualTo(3);
  }

  /** 300 × 1.00 + 8,340 × 0.90: 834 less than without steps. */
  @Test
  void callsOfTheApiGetCheaperBeyondThreeHundredMillion() {
    assertThat(Prices.HTTP_API.ofMonth(8_640)).isCloseTo(7_806, within(1e-6));
  }

  /** 9,995 × 0.50 + 20,000 × 0.25 + 20,000 × 0.10 + 10,000 × 0.05. */
  @Test
  void logsOfFunctionsGetCheaperByVolume() {
    assertThat(Prices.FUNCTION_LOGS.ofMonth(60_000)).isCloseTo(12_497.5, within(1e-6));
  }

  /** 9,900 × 0.09 + 40,000 × 0.085 + 100,000 × 0.07 + 50,000 × 0.05. */
  @Test
  void dataOutGetsCheaperByVolume() {
    assertThat(Prices.DATA_OUT.ofMonth(200_000)).isCloseTo(13_791, within(1e-6));
  }
}
