package io.fleetwell.telemetry;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fleetwell.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
  /** Of a check that is offered an update, with room to spare. */
  private static final int USUAL_BYTES = 768;

  private final Instant time;
  private final String namespace;
  private final List<Count> counts = new ArrayList<>();

  /** Texts, numbers and truths. */
  private final Map<String, Object> members = new LinkedHashMap<>();

  /**
   * @param namespace of CloudWatch, in which the metrics are counted
   */
  public LogLine(Instant time, String namespace) {
    this.time = time;
    this.namespace = namespace;
    // Lambda heeds and keeps these two names when it filters lines by level.
    put("timestamp", time.truncatedTo(ChronoUnit.MILLIS).toString());
    put("level", "INFO");
  }

  public void put(String name, String value) {
    members.put(name, value);
  }

  public void put(String name, long value) {
    members.put(name, value);
  }

  public void put(String name, boolean value) {
    members.put(name, value);
  }

  public void count(Count count) {
    counts.add(count);
  }

  /** Ends the line, once all is put, and gives it with its line feed. */
  public byte[] end() {
    ByteArrayOutputStream line = new ByteArrayOutputStream(USUAL_BYTES);
    // Without a tree: the line would be a quarter of what a firmware check takes.
    try (JsonGenerator json = JsonText.generator(line)) {
      json.writeStartObject();
      writeMembers(json);
      if (!counts.isEmpty()) {
        writeMetrics(json);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    line.write('\n');
    return line.toByteArray();
  }

  private void writeMembers(JsonGenerator json) throws IOException {
    for (Count count : counts) {
      put(count.metric(), 1);
      members.putAll(count.dimensions());
    }
    for (Map.Entry<String, Object> member : members.entrySet()) {
      json.writeFieldName(member.getKey());
      writeValue(json, member.getValue());
    }
  }

  private static void writeValue(JsonGenerator json, Object value) throws IOException {
    if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else {
      json.writeBoolean((Boolean) value);
    }
  }

  private void writeMetrics(JsonGenerator json) throws IOException {
    Map<Map<String, String>, List<String>> metrics = new LinkedHashMap<>();
    for (Count count : counts) {
      metrics.computeIfAbsent(count.dimensions(), it -> new ArrayList<>()).add(count.metric());
    }
    json.writeObjectFieldStart("_aws");
    json.writeNumberField("Timestamp", time.toEpochMilli());
    json.writeArrayFieldStart("CloudWatchMetrics");
    for (Map.Entry<Map<String, String>, List<String>> counted : metrics.entrySet()) {
      writeDirective(json, counted.getKey().keySet(), counted.getValue());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Metrics that are counted in all, and by these dimensions if there are any. */
  private void writeDirective(JsonGenerator json, Set<String> dimensions, List<String> metrics)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("Namespace", namespace);
    json.writeArrayFieldStart("Dimensions");
    writeArray(json, Set.of());
    if (!dimensions.isEmpty()) {
      writeArray(json, dimensions);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("Metrics");
    for (String metric : metrics) {
      json.writeStartObject();
      json.writeStringField("Name", metric);
      json.writeStringField("Unit", "Count");
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeArray(JsonGenerator json, Set<String> names) throws IOException {
    json.writeStartArray();
    for (String name : names) {
      json.writeString(name);
    }
    json.writeEndArray();
  }
}
