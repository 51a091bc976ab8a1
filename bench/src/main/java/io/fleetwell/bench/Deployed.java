package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.local.YamlFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a template deploys by default, as far as it costs something.
 *
 * @param alarmMetrics the metrics that its alarms watch; CloudWatch bills one again in each alarm
 * @param authorizerCache seconds for which the gateway caches an authorizer decision
 * @param accessLineBytes the bytes of the API's log line of a check
 */
record Deployed(
    int alarmMetrics,
    int authorizerCache,
    int accessLineBytes,
    boolean requestLogs,
    boolean accessLogs,
    boolean traces) {
  private static final Pattern VARIABLE = Pattern.compile("\\$context\\.([A-Za-z.]+)");

  /** Those of a firmware check that a device makes. */
  private static final Map<String, String> VALUES = Map.ofEntries(
      Map.entry("requestTime", "28/Nov/2026:04:38:25 +0000"),
      Map.entry("requestId", "rKcQdCbAq2MOZ8s="),
      Map.entry("routeKey", "GET /v1/devices/firmware"),
      Map.entry("status", "404"),
      Map.entry("responseLatency", "12"),
      Map.entry("responseLength", "190"),
      Map.entry("identity.sourceIp", "203.0.113.7"),
      Map.entry("identity.userAgent", "esp-idf/1.0 esp32"),
      Map.entry("authorizer.status", "200"),
      Map.entry("authorizer.error", "-"),
      Map.entry("integration.status", "200"),
      Map.entry("integrationErrorMessage", "-"),
      Map.entry("error.message", "-"));

  static Deployed by(Path file) {
    JsonNode template = YamlFile.read(file);
    JsonNode format = Objects.requireNonNull(template
        .path("Resources")
        .path("Api")
        .path("Properties")
        .path("AccessLogSettings")
        .findValue("Format"));
    return new Deployed(
        alarmMetrics(template.path("Resources")),
        Integer.parseInt(defaultOf("AuthorizerCacheSeconds", template)),
        line(format.asText()).getBytes(StandardCharsets.UTF_8).length,
        defaultOf("RequestLogs", template).equals("true"),
        defaultOf("AccessLogs", template).equals("true"),
        defaultOf("Tracing", template).equals("Active"));
  }

  private static String defaultOf(String parameter, JsonNode template) {
    return template.path("Parameters").path(parameter).path("Default").asText();
  }

  /** Alarms on one metric name it in their properties; others list several, and expressions, which are free. */
  private static int alarmMetrics(JsonNode resources) {
    int metrics = 0;
    for (JsonNode resource : resources) {
      if (resource.path("Type").asText().equals("AWS::CloudWatch::Alarm")) {
        JsonNode properties = resource.path("Properties");
        metrics += properties.has("MetricName")
            ? 1
            : properties.findValues("MetricStat").size();
      }
    }
    return metrics;
  }

  private static String line(String format) {
    return VARIABLE
            .matcher(format)
            .replaceAll(variable -> Matcher.quoteReplacement(
                Objects.requireNonNull(VALUES.get(variable.group(1)), variable.group())))
        + "\n";
  }
}
