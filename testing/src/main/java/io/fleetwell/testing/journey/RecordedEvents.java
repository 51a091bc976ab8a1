package io.fleetwell.testing.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template;
import io.fleetwell.local.Template.Route;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The events of the journey's calls. Those of the functions' first calls are in {@code events/} too. */
public final class RecordedEvents {
  /** Where the events are. */
  public static final Path FOLDER = Project.FOLDER.resolve("events");

  private static final Template TEMPLATE = RunningSystem.template();
  private static final Journey JOURNEY = Journey.read();

  private RecordedEvents() {}

  /** The files that must be in {@code events/}, by their names. */
  public static Map<String, String> files() {
    Map<String, String> files = new TreeMap<>();
    for (JourneyLine line : JOURNEY.recorded()) {
      files.put(line.operation() + ".json", text(line));
    }
    return files;
  }

  /** The event of a line of the journey, on one line as Lambda sends it. */
  public static byte[] event(JourneyLine line) {
    return bytes(GatewayEvent.of(line, route(line)));
  }

  /** The event of a function, or of a call with a title of its own. */
  public static byte[] event(String call) {
    return event(JOURNEY.line(call));
  }

  /** The same event about other devices, serial numbers, users and device types. */
  public static byte[] event(String call, String name) {
    return event(JOURNEY.line(call).renamed(name));
  }

  static byte[] bytes(ObjectNode event) {
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(JourneyLine line) {
    return GatewayEvent.text(GatewayEvent.of(line, route(line)));
  }

  /** The route that a line calls. */
  static Route route(JourneyLine line) {
    return TEMPLATE.routes().stream()
        .filter(route -> route.function().name().equals(line.route()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no route " + line.route()));
  }

  /**
   * Makes the calls that must come before a call, all with this name. Those before a call that needs time to pass are made at
   * the time of the journey.
   */
  public static void callBefore(String call, String name, LocalSystem system, Aws aws)
      throws IOException {
    JourneyLine line = JOURNEY.line(call);
    if (JOURNEY.withoutPause().contains(line)) {
      callAll(line.after(), name, system, aws);
      return;
    }
    try (Aws earlier = new Aws(system.environment(), Clock.fixed(Journey.START, ZoneOffset.UTC))) {
      callAll(line.after(), name, system, earlier);
    }
  }

  private static void callAll(List<String> calls, String name, LocalSystem system, Aws aws)
      throws IOException {
    for (String call : calls) {
      JourneyLine line = JOURNEY.line(call);
      JsonNode answer = new LambdaFunction(
              system.template().function(line.operation()), aws, it -> {})
          .invoke(event(call, name));
      int status = answer.path("statusCode").asInt();
      if (status > 299 && status != line.status()) {
        throw new IllegalStateException(call + ": " + answer);
      }
    }
  }
}
