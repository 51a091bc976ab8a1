package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What became of a measurement that was taken several times.
 *
 * @param low the first quartile
 * @param high the third
 */
public record Figure(double median, double low, double high) implements Cell {

  /** Of one sample for each round. */
  public static Figure of(Collection<? extends Number> samples) {
    double[] sorted = samples.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    return new Figure(quantile(sorted, 0.5), quantile(sorted, 0.25), quantile(sorted, 0.75));
  }

  /** Of what is counted, and comes out the same each time. */
  public static Figure exactly(double value) {
    return new Figure(value, value, value);
  }

  /**
   * How many times as much as a floor. Each sample is divided by the floor's of the same round, since what disturbs the
   * machine disturbs both.
   */
  public static Figure ratio(
      List<? extends Number> samples, List<? extends Number> floorOfSameRound) {
    return of(IntStream.range(0, samples.size())
        .mapToObj(i -> samples.get(i).doubleValue() / floorOfSameRound.get(i).doubleValue())
        .toList());
  }

  /** Between the two samples next to it, if it is none itself. */
  static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  /** The median, with the middle half of the samples behind it. */
  @Override
  public String markdown() {
    return low == high ? text(median) : "%s (%s–%s)".formatted(text(median), text(low), text(high));
  }

  /** To three digits; whole numbers to the last. */
  private static String text(double value) {
    double size = Math.abs(value);
    String format = size >= 100 || value == Math.rint(value)
        ? "%,.0f"
        : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }

  @Override
  public JsonNode json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("median", median)
        .put("low", low)
        .put("high", high);
  }
}
