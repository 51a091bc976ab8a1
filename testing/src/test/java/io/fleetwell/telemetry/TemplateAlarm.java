package io.fleetwell.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.local.YamlFile;
import io.fleetwell.telemetry.Metrics.Name;
import io.fleetwell.testing.Project;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An alarm of the template, computed on metrics. It must evaluate one period.
 *
 * @param parameters of the template, which the threshold may refer to
 */
record TemplateAlarm(JsonNode properties, Map<String, Integer> parameters) {
  private static final JsonNode TEMPLATE = YamlFile.read(Project.FOLDER.resolve("template.yaml"));

  static TemplateAlarm named(String name, Map<String, Integer> parameters) {
    JsonNode properties = TEMPLATE.path("Resources").path(name).path("Properties");
    if (properties.path("EvaluationPeriods").asInt() != 1) {
      throw new IllegalArgumentException(name + " does not evaluate one period");
    }
    return new TemplateAlarm(properties, parameters);
  }

  /** Whether the alarm rings at a time. CloudWatch evaluates it every minute. */
  boolean rings(Metrics metrics, Instant now) {
    double value = properties.has("MetricName")
        ? sum(properties, properties, metrics, now)
        : value(returned(), metrics, now);
    if (Double.isNaN(value)) {
      return properties.path("TreatMissingData").asText().equals("breaching");
    }
    return switch (properties.path("ComparisonOperator").asText()) {
      case "GreaterThanThreshold" -> value > threshold();
      case "LessThanThreshold" -> value < threshold();
      default -> throw new IllegalArgumentException(properties.toString());
    };
  }

  private double threshold() {
    JsonNode threshold = properties.path("Threshold");
    return threshold.has("Ref")
        ? Objects.requireNonNull(parameters.get(threshold.path("Ref").asText()))
        : threshold.asDouble();
  }

  private JsonNode returned() {
    return properties
        .path("Metrics")
        .valueStream()
        .filter(it -> it.path("ReturnData").asBoolean())
        .findFirst()
        .orElseThrow();
  }

  private JsonNode withId(String id) {
    return properties
        .path("Metrics")
        .valueStream()
        .filter(it -> it.path("Id").asText().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(id));
  }

  private double value(JsonNode query, Metrics metrics, Instant now) {
    JsonNode stat = query.path("MetricStat");
    return stat.isMissingNode()
        ? MetricMath.evaluate(
            query.path("Expression").asText(), (String id) -> value(withId(id), metrics, now))
        : sum(stat.path("Metric"), stat, metrics, now);
  }

  private static double sum(JsonNode metric, JsonNode stat, Metrics metrics, Instant now) {
    if (!stat.path("Stat").asText(stat.path("Statistic").asText()).equals("Sum")) {
      throw new IllegalArgumentException(stat.toString());
    }
    Map<String, String> dimensions = new TreeMap<>();
    metric
        .path("Dimensions")
        .forEach(it -> dimensions.put(it.path("Name").asText(), text(it.path("Value"))));
    Name name =
        new Name(text(metric.path("Namespace")), metric.path("MetricName").asText(), dimensions);
    return metrics.sum(name, now, Duration.ofSeconds(stat.path("Period").asLong()));
  }

  /** A function is called by its name in the template, and the stack is called local. */
  private static String text(JsonNode value) {
    return value.isTextual()
        ? value.asText()
        : value
            .path("Ref")
            .asText(value.path("Fn::Sub").asText())
            .replace("${AWS::StackName}", "local");
  }
}
