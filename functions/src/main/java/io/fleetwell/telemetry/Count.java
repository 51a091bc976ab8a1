package io.fleetwell.telemetry;

import java.util.Map;

/**
 * One more of something that operators count.
 *
 * @param metric what is counted
 * @param dimensions by which the counts are told apart, beside their total. CloudWatch charges for each value, so a
 *     dimension is never what a caller makes up.
 */
public record Count(String metric, Map<String, String> dimensions) {
  public Count {
    dimensions = Map.copyOf(dimensions);
  }

  public static Count of(String metric) {
    return new Count(metric, Map.of());
  }

  public static Count by(String dimension, String value, String metric) {
    return new Count(metric, Map.of(dimension, value));
  }
}
