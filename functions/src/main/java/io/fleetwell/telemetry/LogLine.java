package io.fleetwell.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.JsonText;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is logged of one call: one line of JSON, which is also what CloudWatch counts from (embedded metric format). It
 * never holds a token, a body, a query or whose call it was.
 */
public final class LogLine {
  private final Instant time;
  private final String namespace;
  private final List<Count> counts = new ArrayList<>();
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();

  /**
   * @param namespace of CloudWatch, in which the metrics are counted
   */
  public LogLine(Instant time, String namespace) {
    this.time = time;
    this.namespace = namespace;
    // Lambda heeds and keeps these two names when it filters lines by level.
    json.put("timestamp", time.truncatedTo(ChronoUnit.MILLIS).toString()).put("level", "INFO");
  }

  public void put(String name, String value) {
    json.put(name, value);
  }

  public void put(String name, long value) {
    json.put(name, value);
  }

  public void put(String name, boolean value) {
    json.put(name, value);
  }

  public void count(Count count) {
    counts.add(count);
  }

  /** Ends the line, once all is put, and gives it with its line feed. */
  public byte[] end() {
    if (!counts.isEmpty()) {
      addMetrics();
    }
    return JsonText.lineOf(json);
  }

  private void addMetrics() {
    ArrayNode directives =
        json.putObject("_aws").put("Timestamp", time.toEpochMilli()).putArray("CloudWatchMetrics");
    Map<Map<String, String>, ArrayNode> metrics = new LinkedHashMap<>();
    for (Count count : counts) {
      json.put(count.metric(), 1);
      count.dimensions().forEach(json::put);
      metrics
          .computeIfAbsent(count.dimensions(), it -> addDirective(directives, it.keySet()))
          .addObject()
          .put("Name", count.metric())
          .put("Unit", "Count");
    }
  }

  /** Adds the place of metrics that are counted in all, and by these dimensions if there are any. */
  private ArrayNode addDirective(ArrayNode directives, Set<String> names) {
    ObjectNode directive = directives.addObject().put("Namespace", namespace);
    ArrayNode dimensions = directive.putArray("Dimensions");
    dimensions.addArray();
    if (!names.isEmpty()) {
      names.forEach(dimensions.addArray()::add);
    }
    return directive.putArray("Metrics");
  }
}
