package io.fleetwell.bench;

import java.util.Arrays;
import java.util.Locale;

/** Numbers as tables show them. */
public final class Figure {
  private Figure() {}

  /** The median of some samples, followed by the first and the third quartile unless these are equal. */
  public static String of(double... samples) {
    double low = quantile(samples, 0.25);
    double high = quantile(samples, 0.75);
    String median = exactly(quantile(samples, 0.5));
    return low == high ? median : "%s (%s–%s)".formatted(median, exactly(low), exactly(high));
  }

  /** One value, such as a count: whole numbers in full, others to three digits. */
  public static String exactly(double value) {
    double size = Math.abs(value);
    String format = size >= 100 || value == Math.rint(value)
        ? "%,.0f"
        : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }

  /** Interpolates between the two nearest samples. */
  static double quantile(double[] samples, double share) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
