package io.fleetwell.telemetry;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One more of something that operators count.
 *
 * @param name what is counted
 * @param dimensions by which the counts are told apart, beside their total. CloudWatch charges for each value, so a
 *     dimension is never what a caller makes up.
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

  /** Told apart by a value, of which what is not ASCII is percent-encoded: CloudWatch drops counts that have any. */
  public static Metric by(String dimension, String value, String name) {
    Matcher odd = NOT_ASCII.matcher(value);
    String ascii = odd.find()
        ? odd.replaceAll(text -> URLEncoder.encode(text.group(), StandardCharsets.UTF_8))
        : value;
    String kept = ascii.substring(0, Math.min(ascii.length(), MAX_VALUE_LENGTH));
    return new Metric(name, Map.of(dimension, kept));
  }
}
