package io.fleetwell.telemetry;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A metric, which is counted up by one.
 *
 * @param dimensions the counts are kept by dimension and in total. CloudWatch charges for each value, so a dimension is
 *     never text that a caller can invent.
 */
public record Metric(String name, Map<String, String> dimensions) {
  private static final int MAX_VALUE_LENGTH = 1_024;
  private static final Pattern NOT_ASCII = Pattern.compile("[^ -~]+");

  public Metric {
    dimensions = Map.copyOf(dimensions);
  }

  public static Metric of(String name) {
    return new Metric(name, Map.of());
  }

  /** Counts by one dimension. CloudWatch drops metrics with other characters than ASCII, so these are encoded. */
  public static Metric by(String dimension, String value, String name) {
    String ascii = NOT_ASCII
        .matcher(value)
        .replaceAll(text -> URLEncoder.encode(text.group(), StandardCharsets.UTF_8));
    String kept = ascii.substring(0, Math.min(ascii.length(), MAX_VALUE_LENGTH));
    return new Metric(name, Map.of(dimension, kept));
  }
}
