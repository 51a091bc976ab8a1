package io.fleetwell.bench.fleet;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What is let through in a second before somebody asks for more. The numbers are Amazon's of November 2026, from its
 * developer guides ("Amazon API Gateway quotas", "Lambda scaling behavior", "DynamoDB on-demand capacity mode"), and the
 * template's.
 *
 * @param perSecond how much
 * @param remedy what is to be raised when it is reached
 * @param use how much of it a second takes
 */
record Limit(String name, double perSecond, String remedy, ToDoubleFunction<Second> use) {
  static List<Limit> all(Settings settings) {
    return List.of(
        new Limit(
            "Calls of a route",
            settings.routeRate(),
            "the parameter `ThrottlingRate`",
            second -> Math.max(second.checks(), second.puts())),
        new Limit(
            "Calls of all HTTP APIs", 10_000, "API Gateway's throttle quota", Second::answered),
        new Limit(
            "Environments, of which each counts for ten calls a second at most",
            1_000,
            "Lambda's concurrent executions",
            Second::lambda),
        new Limit(
            "Units read under the hottest key",
            3_000,
            "the parameter `FirmwareCacheSeconds`",
            Second::hottestKey),
        new Limit(
            "Units read of one table",
            40_000,
            "DynamoDB's table-level read throughput",
            second -> Math.max(second.firmwareReads(), second.otherReads())),
        new Limit(
            "Units written to one table",
            40_000,
            "DynamoDB's table-level write throughput",
            Second::writes));
  }

  /**
   * Which part of it a busy second takes, of which there is one in a hundred. The very busiest of a large fleet is busier
   * here than it would be, since a device that stands for many makes all their calls at once.
   */
  double used(List<Second> seconds) {
    double[] sorted = seconds.stream().mapToDouble(use).sorted().toArray();
    return sorted[(int) (0.99 * (sorted.length - 1))] / perSecond;
  }
}
