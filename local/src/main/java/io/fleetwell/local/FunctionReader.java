package io.fleetwell.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads a function of a template and its routes. */
final class FunctionReader {
  private static final Set<String> METHODS =
      Set.of("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS");

  /** These say how a function is built and run in the cloud. */
  private static final Set<String> WITHOUT_EFFECT = Set.of(
      "Architectures",
      "CodeUri",
      "DeploymentPreference",
      "Description",
      "LoggingConfig",
      "MemorySize",
      "PermissionsBoundary",
      "ReservedConcurrentExecutions",
      "Runtime",
      "Tracing",
      "VersionDescription");

  private final TemplatePart properties;
  private final TemplatePart globals;
  private final Intrinsics intrinsics;

  /**
   * @param resource the function, with its attributes
   * @param globals the properties that functions share
   */
  FunctionReader(TemplatePart resource, TemplatePart globals, Intrinsics intrinsics) {
    this.properties = resource.properties();
    this.globals = without(resource.at("IgnoreGlobals"), globals);
    this.intrinsics = intrinsics;
  }

  /** The properties that the function shares: all but those that it ignores by name or, with {@code *}, none. */
  private static TemplatePart without(TemplatePart ignored, TemplatePart globals) {
    if (!(globals.value() instanceof ObjectNode all)) {
      return globals;
    }
    ObjectNode shared = all.deepCopy();
    for (TemplatePart name : ignored.elements()) {
      if (name.text().equals("*")) {
        shared.removeAll();
      } else if (shared.remove(name.text()) == null) {
        throw name.notUnderstood();
      }
    }
    return new TemplatePart(globals.name(), shared);
  }

  Function function() {
    globals.requireOnly(WITHOUT_EFFECT, "AutoPublishAlias", "Environment", "SnapStart", "Timeout");
    properties.requireOnly(
        WITHOUT_EFFECT,
        "AutoPublishAlias",
        "Environment",
        "Events",
        "Handler",
        "Policies",
        "SnapStart",
        "Timeout");
    return new Function(
        properties.name(),
        properties.at("Handler").text(),
        timeout(),
        startsFromSnapshot(),
        environment(),
        new PolicyReader(intrinsics).permissions(properties.at("Policies")));
  }

  private TemplatePart ownOrGlobal(String property) {
    TemplatePart own = properties.at(property);
    return own.isMissing() ? globals.at(property) : own;
  }

  private Duration timeout() {
    TemplatePart seconds = ownOrGlobal("Timeout");
    if (!seconds.value().isIntegralNumber()) {
      throw seconds.notUnderstood();
    }
    Duration timeout = Duration.ofSeconds(seconds.value().longValue());
    if (timeout.compareTo(Gateway.TIMEOUT) >= 0) {
      throw new CannotStartException(
          "%s: the gateway waits only %d s, so a function must take less."
              .formatted(seconds.name(), Gateway.TIMEOUT.toSeconds()));
    }
    return timeout;
  }

  /** Only a published version starts from a snapshot, and only its alias leads callers to it. */
  private boolean startsFromSnapshot() {
    TemplatePart alias = ownOrGlobal("AutoPublishAlias");
    TemplatePart snapStart = ownOrGlobal("SnapStart");
    snapStart.requireOnly(Set.of("ApplyOn"));
    return !alias.isMissing()
        && !alias.text().isEmpty()
        && !snapStart.isMissing()
        && snapStart.at("ApplyOn").text().equals("PublishedVersions");
  }

  private Map<String, String> environment() {
    Map<String, String> variables = new TreeMap<>();
    for (TemplatePart owner : List.of(globals, properties)) {
      TemplatePart environment = owner.at("Environment");
      environment.requireOnly(Set.of("Variables"));
      environment
          .at("Variables")
          .fields()
          .forEach((name, variable) -> variables.put(name, intrinsics.text(variable.value())));
    }
    return Collections.unmodifiableMap(variables);
  }

  /** The routes that call the function. */
  List<Route> routes(Function function) {
    List<Route> routes = new ArrayList<>();
    for (TemplatePart event : properties.at("Events").fields().values()) {
      event.requireOnly(Set.of("Type", "Properties"));
      event.at("Type").requireValue("HttpApi");
      routes.add(route(event.at("Properties"), function));
    }
    return routes;
  }

  private static Route route(TemplatePart route, Function function) {
    route.requireOnly(Set.of("ApiId", "Method", "Path"));
    String method = route.at("Method").text();
    String path = route.at("Path").text();
    if (!METHODS.contains(method) || path.contains("+}")) {
      throw route.notUnderstood(method + " " + path);
    }
    return new Route(method, path, function);
  }
}
