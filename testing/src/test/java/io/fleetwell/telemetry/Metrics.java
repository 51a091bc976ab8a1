package io.fleetwell.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template.Route;
import io.fleetwell.testing.Api;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The metrics that CloudWatch has of a local system: those in the lines of its functions, and Lambda's count of
 * invocations.
 */
final class Metrics {
  /** A metric: its namespace, its name and its dimensions. */
  record Name(String namespace, String name, Map<String, String> dimensions) {}

  private record Count(Name metric, Instant time) {}

  private final List<Count> counts = new ArrayList<>();

  private Metrics() {}

  /** Reads the lines of all functions since the start of a system. */
  static Metrics of(LocalSystem system) throws IOException {
    Map<String, String> functions = system.template().routes().stream()
        .collect(Collectors.toMap(Route::key, route -> route.function().name()));
    Metrics metrics = new Metrics();
    for (String text : Files.readAllLines(system.functionLogs())) {
      JsonNode line = Api.JSON.readTree(text);
      Instant time = Instant.parse(line.path("timestamp").asText());
      String called = line.has("authorized")
          ? "Authorizer"
          : functions.get(line.path("route").asText());
      metrics.count(new Name("AWS/Lambda", "Invocations", Map.of("FunctionName", called)), time);
      line.path("_aws").path("CloudWatchMetrics").forEach(it -> metrics.count(it, line, time));
    }
    return metrics;
  }

  /** Counts what a directive of the embedded metric format names. */
  private void count(JsonNode directive, JsonNode line, Instant time) {
    for (JsonNode set : directive.path("Dimensions")) {
      Map<String, String> dimensions = new TreeMap<>();
      set.forEach(it -> dimensions.put(it.asText(), line.path(it.asText()).asText()));
      for (JsonNode metric : directive.path("Metrics")) {
        String namespace = directive.path("Namespace").asText();
        count(new Name(namespace, metric.path("Name").asText(), dimensions), time);
      }
    }
  }

  private void count(Name metric, Instant time) {
    counts.add(new Count(metric, time));
  }

  /** The sum over a time before an instant; {@link Double#NaN} if there is no data. */
  double sum(Name metric, Instant end, Duration period) {
    long sum = counts.stream()
        .filter(it -> it.metric().equals(metric))
        .filter(it -> it.time().isBefore(end) && !it.time().isBefore(end.minus(period)))
        .count();
    return sum == 0 ? Double.NaN : sum;
  }
}
