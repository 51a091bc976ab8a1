package io.fleetwell.bench.fleet;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What is let through in a second. What is no quota of a {@link Platform} is Amazon's of November 2026 ("DynamoDB
 * on-demand capacity mode" in its guide).
 *
 * @param remedy what to raise when it is reached
 * @param use how much of it a second takes
 */
record Limit(double perSecond, String remedy, ToDoubleFunction<Second> use) {
  static List<Limit> all(Platform platform) {
    return List.of(
        new Limit(
            platform.routeRate(),
            "the parameter `ThrottlingRate`",
            second -> Math.max(second.checks(), second.puts())),
        new Limit(platform.calls(), "API Gateway's throttle quota", Second::answered),
        new Limit(platform.concurrency(), "Lambda's concurrent executions", Second::lambda),
        new Limit(3_000, "the parameter `FirmwareCacheSeconds`", Second::hottestKey),
        new Limit(
            40_000,
            "DynamoDB's table-level read throughput",
            second -> Math.max(second.firmwareReads(), second.otherReads())),
        new Limit(40_000, "DynamoDB's table-level write throughput", Second::writes));
  }

  /** Those that a busy second exceeds, and how many times; the one that is exceeded most comes first. */
  static String exceeded(List<Second> seconds, List<Limit> limits) {
    String all = limits.stream()
        .filter(limit -> limit.used(seconds) > 1)
        .sorted(Comparator.comparingDouble((Limit limit) -> -limit.used(seconds)))
        .map(limit -> String.format(Locale.ROOT, "%s (%.1f)", limit.remedy(), limit.used(seconds)))
        .collect(Collectors.joining(", "));
    return all.isEmpty() ? "nothing" : all;
  }

  /**
   * The part of it that a busy second takes: one second in a hundred is busier. The busiest second of a large fleet is
   * busier here than it would be, since a device that stands for many makes all their calls at once.
   */
  private double used(List<Second> seconds) {
    double[] sorted = seconds.stream().mapToDouble(use).sorted().toArray();
    return sorted[(int) (0.99 * (sorted.length - 1))] / perSecond;
  }
}
