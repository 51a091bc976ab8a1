package io.fleetwell.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is logged of one call: one line of JSON, from which CloudWatch also counts (embedded metric format). It never holds
 * a token, a body, a query or a caller's id.
 */
public final class LogLine {
  private final Instant time;
  private final String namespace;
  private final ObjectNode line = Json.object();
  private final Map<Map<String, String>, List<String>> metrics = new LinkedHashMap<>();

  /**
   * Begins a line.
   *
   * @param namespace of CloudWatch, in which the metrics are counted
   */
  public LogLine(Instant time, String namespace) {
    this.time = time;
    this.namespace = namespace;
    // Lambda reads these two members when it filters lines by level.
    put("timestamp", time.truncatedTo(ChronoUnit.MILLIS).toString());
    put("level", "INFO");
  }

  public void put(String name, String value) {
    line.put(name, value);
  }

  public void put(String name, long value) {
    line.put(name, value);
  }

  public void put(String name, boolean value) {
    line.put(name, value);
  }

  /** Counts one more of a metric. */
  public void count(Metric metric) {
    put(metric.name(), 1);
    metric.dimensions().forEach(this::put);
    metrics.computeIfAbsent(metric.dimensions(), it -> new ArrayList<>()).add(metric.name());
  }

  /** Returns the finished line, with its line feed. */
  public byte[] end() {
    if (!metrics.isEmpty()) {
      ObjectNode aws = line.putObject("_aws").put("Timestamp", time.toEpochMilli());
      ArrayNode directives = aws.putArray("CloudWatchMetrics");
      metrics.forEach((dimensions, names) -> describe(directives.addObject(), dimensions, names));
    }
    return (Json.text(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Counts metrics in all and, if they have dimensions, by these too. */
  private void describe(ObjectNode directive, Map<String, String> dimensions, List<String> names) {
    directive.put("Namespace", namespace);
    ArrayNode sets = directive.putArray("Dimensions");
    sets.addArray();
    if (!dimensions.isEmpty()) {
      dimensions.keySet().forEach(sets.addArray()::add);
    }
    ArrayNode list = directive.putArray("Metrics");
    names.forEach(name -> list.addObject().put("Name", name).put("Unit", "Count"));
  }
}
