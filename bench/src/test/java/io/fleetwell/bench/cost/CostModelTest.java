package io.fleetwell.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleetwell.bench.cost.CostModel.Item;
import io.fleetwell.bench.cost.CostModel.Use;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Sums that were done by hand. */
class CostModelTest {
  private static final Offset<Double> A_CENT = within(0.005);

  private final CostModel model = new CostModel(Prices.US_EAST_1);

  /** 1.00 + 0.20 + 6 ms of half a gigabyte, 0.04, + a kilobyte, 0.09. */
  @Test
  void aCheckThatReadsNothingIsAtTheLimit() {
    assertThat(model.limit()).isCloseTo(1.33, A_CENT);
  }

  /** 1.00 + 0.20 + 20 ms, 0.13, + 2 × 0.125 + 7 × 0.625 + 0.09. */
  @Test
  void aClaimPaysForEachUnit() {
    assertThat(model.itself(new Use(true, 20, 2, 7, 0, 1_000, 370))).isCloseTo(6.05, A_CENT);
  }

  /** 6.05 + 370 bytes, 0.185, + 320 bytes, 0.16, + a twentieth of a trace, 0.25. */
  @Test
  void whatParametersSaveComesOnTop() {
    assertThat(model.withAll(new Use(true, 20, 2, 7, 0, 1_000, 370))).isCloseTo(6.64, A_CENT);
  }

  @Test
  void anUploadPaysForItsFile() {
    Use without = new Use(true, 40, 0, 1, 0, 1_000, 0);
    Use with = new Use(true, 40, 0, 1, 1, 1_000, 0);
    assertThat(model.itself(with) - model.itself(without)).isCloseTo(5.00, A_CENT);
  }

  /** 0.20 + 10 ms, 0.07, + 0.125, and its line, 0.09. */
  @Test
  void theAuthorizerIsNoCallOfTheGateway() {
    assertThat(model.withAll(new Use(false, 10, 1, 0, 0, 0, 180))).isCloseTo(0.48, A_CENT);
  }

  @Test
  void theArithmeticIsShownWhereThereIsSome() {
    assertThat(model.items(new Use(true, 6, 0, 2, 0, 1_000, 0)))
        .filteredOn(item -> !item.arithmetic().isEmpty() && !item.optional())
        .extracting(Item::arithmetic)
        .containsExactly("1 call", "1 request", "6 ms", "2.0", "1000 bytes");
  }
}
