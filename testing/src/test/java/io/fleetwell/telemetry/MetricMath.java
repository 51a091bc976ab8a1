package io.fleetwell.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;

/**
 * CloudWatch's metric math, as far as the template uses it, at one point of time (CloudWatch user guide, "Metric math syntax
 * and functions"). No data is {@link Double#NaN}: an operator passes it on, and a function of several series ignores it.
 */
final class MetricMath {
  private final String text;
  private final ToDoubleFunction<String> values;
  private int at;

  private MetricMath(String text, ToDoubleFunction<String> values) {
    this.text = text.replace(" ", "");
    this.values = values;
  }

  /**
   * Evaluates an expression.
   *
   * @param values of the ids in it
   */
  static double evaluate(String expression, ToDoubleFunction<String> values) {
    MetricMath math = new MetricMath(expression, values);
    double value = math.comparison();
    if (math.at < math.text.length()) {
      throw math.notUnderstood();
    }
    return value;
  }

  private IllegalArgumentException notUnderstood() {
    return new IllegalArgumentException("%s at %d".formatted(text, at));
  }

  private boolean takes(String token) {
    boolean isNext = text.startsWith(token, at);
    at += isNext ? token.length() : 0;
    return isNext;
  }

  private void require(String token) {
    if (!takes(token)) {
      throw notUnderstood();
    }
  }

  private double comparison() {
    double left = sum();
    if (takes(">")) {
      return truth(left, sum(), (a, b) -> a > b ? 1 : 0);
    }
    return takes("<") ? truth(left, sum(), (a, b) -> a < b ? 1 : 0) : left;
  }

  private static double truth(double left, double right, DoubleBinaryOperator compared) {
    return Double.isNaN(left + right) ? Double.NaN : compared.applyAsDouble(left, right);
  }

  private double sum() {
    double value = product();
    while (true) {
      if (takes("+")) {
        value += product();
      } else if (takes("-")) {
        value -= product();
      } else {
        return value;
      }
    }
  }

  private double product() {
    double value = operand();
    while (true) {
      if (takes("*")) {
        value *= operand();
      } else if (takes("/")) {
        value /= operand();
      } else {
        return value;
      }
    }
  }

  private double operand() {
    if (takes("(")) {
      double value = comparison();
      require(")");
      return value;
    }
    int start = at;
    while (at < text.length() && Character.isLetterOrDigit(text.charAt(at))) {
      at++;
    }
    String name = text.substring(start, at);
    if (name.isEmpty()) {
      throw notUnderstood();
    }
    if (takes("(")) {
      return function(name);
    }
    return Character.isDigit(name.charAt(0))
        ? Double.parseDouble(name)
        : values.applyAsDouble(name);
  }

  private double function(String name) {
    boolean isList = takes("[");
    List<Double> arguments = new ArrayList<>();
    do {
      arguments.add(comparison());
    } while (takes(","));
    if (isList) {
      require("]");
    }
    require(")");
    if (isList) {
      return ofSeries(name, arguments);
    }
    if (!name.equals("IF")) {
      throw notUnderstood();
    }
    return choice(arguments);
  }

  private static double choice(List<Double> arguments) {
    if (Double.isNaN(arguments.get(0))) {
      return Double.NaN;
    }
    return arguments.get(arguments.get(0) == 0 ? 2 : 1);
  }

  private double ofSeries(String name, List<Double> series) {
    List<Double> present = series.stream().filter(it -> !Double.isNaN(it)).toList();
    if (present.isEmpty()) {
      return Double.NaN;
    }
    return switch (name) {
      case "MIN" -> present.stream().mapToDouble(it -> it).min().orElseThrow();
      case "SUM" -> present.stream().mapToDouble(it -> it).sum();
      default -> throw notUnderstood();
    };
  }
}
