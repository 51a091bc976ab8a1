package io.fleetwell.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricMathTest {
  private static final Map<String, Double> VALUES = Map.of("two", 2.0, "six", 6.0);

  private static double evaluate(String expression) {
    return MetricMath.evaluate(expression, id -> VALUES.getOrDefault(id, Double.NaN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "six - two - two | 2",
        "1 + six / two | 4",
        "(1 + six) * two | 14",
        "six > two | 1",
        "six < two | 0",
        "IF(six > 5, 100 * two / six, 0) | 33.333333333333336",
        "IF(two > 5, 1, 0) | 0",
        "MIN([six, two, 4]) | 2",
        "MIN([six, none]) | 6",
        "SUM([six, none, two]) | 8",
        "six * none | NaN",
        "none > 1 | NaN",
        "IF(none > 1, 1, 0) | NaN",
        "SUM([none]) | NaN"
      })
  void anExpressionHasItsValue(String expression, double value) {
    assertThat(evaluate(expression)).isEqualTo(Double.valueOf(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "two +",
        "(two",
        "RATE(two)",
        "FILL(two, 0)",
        "MAX([two])",
        "two ? 1",
        "IF(two > 1, 1"
      })
  void anUnknownExpressionIsRefused(String expression) {
    assertThatIllegalArgumentException().isThrownBy(() -> evaluate(expression));
  }
}
