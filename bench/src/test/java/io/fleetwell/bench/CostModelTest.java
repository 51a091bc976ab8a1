package io.fleetwell.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fleetwell.bench.CostModel.Calls;
import io.fleetwell.bench.CostModel.Use;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums done by hand. */
class CostModelTest {
  private static final Offset<Double> A_CENT = within(0.005);
  private static final Offset<Double> A_DOLLAR = within(1.0);

  private static final Use CHECK = new Use(1, 1, 0, 0, 0, 400, 428, 300);
  private static final Use AUTHORIZER = new Use(0, 27, 1, 0, 0, 0, 177, 0);

  /** 1.00 + 0.20 + 6 ms of half a gigabyte, 0.04, + a kilobyte, 0.09. */
  @Test
  void aCheckThatReadsNothingPaysForTheCallAndItsAnswer() {
    assertThat(CostModel.itself(new Use(1, 6, 0, 0, 0, 1_000, 0, 0))).isCloseTo(1.33, A_CENT);
  }

  /** 1.00 + 0.20 + 20 ms, 0.13, + 2 × 0.125 + 7 × 0.625 + 0.09. */
  @Test
  void aClaimPaysForEachUnit() {
    assertThat(CostModel.itself(new Use(1, 20, 2, 7, 0, 1_000, 0, 0))).isCloseTo(6.05, A_CENT);
  }

  /** 6.05 + 370 bytes, 0.185. */
  @Test
  void theFunctionsLineComesOnTop() {
    Use claim = new Use(1, 20, 2, 7, 0, 1_000, 370, 320);
    assertThat(CostModel.withRequestLogs(claim)).isCloseTo(6.23, A_CENT);
  }

  /** 320 bytes, 0.16. */
  @Test
  void theAccessLogIsNotAmongTheDefaults() {
    Use claim = new Use(1, 20, 2, 7, 0, 1_000, 370, 320);
    assertThat(CostModel.ACCESS_LOGS.dollars(claim)).isCloseTo(0.16, A_CENT);
  }

  @Test
  void anUploadPaysForItsFile() {
    Use without = new Use(1, 40, 0, 1, 0, 1_000, 0, 0);
    Use with = new Use(1, 40, 0, 1, 1, 1_000, 0, 0);
    assertThat(CostModel.itself(with) - CostModel.itself(without)).isCloseTo(5.00, A_CENT);
  }

  @ParameterizedTest(name = "{0} bytes are {1}")
  @CsvSource({"0, 1", "524288, 1", "524289, 2", "1048576, 2", "1048577, 3"})
  void theGatewayCountsACallForEach512Kilobytes(long bytes, int calls) {
    assertThat(CostModel.gatewayCalls(bytes)).isEqualTo(calls);
  }

  /** 0.20 + 27 ms, 0.18, + 0.125, and its line, 0.09. */
  @Test
  void theAuthorizerIsNotACallOfTheGateway() {
    assertThat(CostModel.withRequestLogs(AUTHORIZER)).isCloseTo(0.59, A_CENT);
  }

  /** 11.57 calls a second: the first, and 5 % of 10.57; 3.96 million traces, 0.1 of which are free. */
  @Test
  void xrayTracesTheFirstCallOfEachSecondAndFivePercentOfTheOthers() {
    assertThat(CostModel.traces(List.of(new Calls("CheckFirmware", CHECK, 30e6))))
        .isCloseTo(19.31, A_CENT);
  }

  /** Every call below one in a second: 5.00 a million, less 0.1 million. */
  @Test
  void xrayTracesEveryCallOfASmallFleet() {
    assertThat(CostModel.traces(List.of(new Calls("CheckFirmware", CHECK, 720e3))))
        .isCloseTo(3.10, A_CENT);
  }

  @Test
  void theAuthorizerIsTracedByItself() {
    List<Calls> checks = List.of(new Calls("CheckFirmware", CHECK, 30e6));
    List<Calls> both = List.of(checks.get(0), new Calls("Authorizer", AUTHORIZER, 30e6));
    assertThat(CostModel.traces(both) - CostModel.traces(checks)).isCloseTo(19.81, A_CENT);
  }

  @Test
  void twoKindsOfCallsOfOneFunctionAreSampledTogether() {
    List<Calls> apart =
        List.of(new Calls("CheckFirmware", CHECK, 29e6), new Calls("CheckFirmware", CHECK, 1e6));
    assertThat(CostModel.traces(apart))
        .isEqualTo(CostModel.traces(List.of(new Calls("CheckFirmware", CHECK, 30e6))));
  }

  /** 7,806, instead of 8,640. */
  @Test
  void aMonthPaysLessForManyCalls() {
    assertThat(CostModel.ITEMS.get(0).ofMonth(List.of(new Calls("CheckFirmware", CHECK, 8_640e6))))
        .isCloseTo(7_806, A_DOLLAR);
  }

  @Test
  void onlyWhatIsUsedIsShown() {
    Use use = new Use(1, 6, 0, 2, 0, 1_000, 0, 0);
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
