package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleetwell.bench.CostModel.Use;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Sums done by hand. */
class CostModelTest {
  private static final Offset<Double> A_CENT = within(0.005);

  /** 1.00 + 0.20 + 6 ms of half a gigabyte, 0.04, + a kilobyte, 0.09. */
  @Test
  void aCheckThatReadsNothingPaysForTheCallAndItsAnswer() {
    assertThat(CostModel.itself(new Use(1, 6, 0, 0, 0, 1_000, 0))).isCloseTo(1.33, A_CENT);
  }

  /** 1.00 + 0.20 + 20 ms, 0.13, + 2 × 0.125 + 7 × 0.625 + 0.09. */
  @Test
  void aClaimPaysForEachUnit() {
    assertThat(CostModel.itself(new Use(1, 20, 2, 7, 0, 1_000, 370))).isCloseTo(6.05, A_CENT);
  }

  /** 6.05 + 370 bytes, 0.185, + 320 bytes, 0.16, + a twentieth of a trace, 0.25. */
  @Test
  void optionalItemsComeOnTop() {
    assertThat(CostModel.withAll(new Use(1, 20, 2, 7, 0, 1_000, 370))).isCloseTo(6.64, A_CENT);
  }

  @Test
  void anUploadPaysForItsFile() {
    Use without = new Use(1, 40, 0, 1, 0, 1_000, 0);
    Use with = new Use(1, 40, 0, 1, 1, 1_000, 0);
    assertThat(CostModel.itself(with) - CostModel.itself(without)).isCloseTo(5.00, A_CENT);
  }

  /** 0.20 + 10 ms, 0.07, + 0.125, and its line, 0.09. */
  @Test
  void theAuthorizerIsNotACallOfTheGateway() {
    assertThat(CostModel.withAll(new Use(0, 10, 1, 0, 0, 0, 180))).isCloseTo(0.48, A_CENT);
  }

  @Test
  void onlyWhatIsUsedIsShown() {
    Use use = new Use(1, 6, 0, 2, 0, 1_000, 0);
    assertThat(CostModel.ITEMS.stream().map(item -> item.words(use)))
        .containsExactly(
            "1 call: 1.00",
            "1 request: 0.20",
            "6 ms: 0.04",
            "",
            "2.0: 1.25",
            "",
            "1000 bytes: 0.09");
  }
}
