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
 * The log of one call: one line of JSON, from which CloudWatch also extracts metrics (embedded metric format). It never
 * contains a token, a body, a query or a user's id.
 *
 * <p>There is no library for logs or metrics, because two of them add some hundred milliseconds to a cold start. Calls of
 * CloudWatch's API cost time and money on every request, and a metric filter counts only literals. Metrics are lost where
 * lines are: with {@code RequestLogs=false}, and for a call that runs out of time or memory. Lambda's own report of such a
 * call is counted with our failures.
 */
public final class LogLine {
  private final Instant time;
  private final String namespace;
  private final ObjectNode line = Json.object();
  private boolean warns;
  private final Map<Map<String, String>, List<String>> metrics = new LinkedHashMap<>();

  /** Starts a line, whose metrics are in a namespace of CloudWatch. */
  public LogLine(Instant time, String namespace) {
    this.time = time;
    this.namespace = namespace;
    // Lambda reads these two members to filter lines by level.
    put("timestamp", time.truncatedTo(ChronoUnit.MILLIS).toString());
    put("level", "INFO");
  }

  public void put(String name, Object value) {
    line.putPOJO(name, value);
  }

  /** Marks the line as one that an operator should look at. It is logged with {@code RequestLogs=false} too. */
  public void warn() {
    put("level", "WARN");
    warns = true;
  }

  public boolean warns() {
    return warns;
  }

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

  /** Counts metrics in total and, if they have dimensions, also by these. */
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
