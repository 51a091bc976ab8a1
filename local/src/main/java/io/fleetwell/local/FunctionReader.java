package io.fleetwell.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Route;
import io.fleetwell.local.Template.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a function of a template, its routes and its schedules. */
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

  private static final String ROUTE = "HttpApi";
  private static final String SCHEDULE = "Schedule";
  private static final Pattern RATE =
      Pattern.compile("rate\\((1 (?:minute|hour|day)|[1-9][0-9]* (?:minutes|hours|days))\\)");

  private final TemplatePart properties;
  private final TemplatePart globals;

  /**
   * @param resource the function, with its attributes
   * @param globals the properties that functions share
   */
  FunctionReader(TemplatePart resource, TemplatePart globals) {
    this.properties = resource.properties();
    this.globals = without(resource.at("IgnoreGlobals"), globals);
  }

  String name() {
    return properties.name();
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

  Function function(Intrinsics intrinsics) {
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
        alias(),
        startsFromSnapshot(),
        environment(intrinsics),
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
    if (timeout.compareTo(Gateway.TIMEOUT) >= 0 && !eventsOf(ROUTE).isEmpty()) {
      throw new CannotStartException(
          "%s: the gateway waits only %d s, so a function must take less."
              .formatted(seconds.name(), Gateway.TIMEOUT.toSeconds()));
    }
    return timeout;
  }

  /** The alias of the published version. */
  Optional<String> alias() {
    TemplatePart alias = ownOrGlobal("AutoPublishAlias");
    return alias.isMissing()
        ? Optional.empty()
        : Optional.of(alias.text()).filter(it -> !it.isEmpty());
  }

  /** Only a published version starts from a snapshot, and only its alias leads callers to it. */
  private boolean startsFromSnapshot() {
    TemplatePart snapStart = ownOrGlobal("SnapStart");
    snapStart.requireOnly(Set.of("ApplyOn"));
    return alias().isPresent()
        && !snapStart.isMissing()
        && snapStart.at("ApplyOn").text().equals("PublishedVersions");
  }

  private Map<String, String> environment(Intrinsics intrinsics) {
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

  /** The events of a type. */
  private List<TemplatePart> eventsOf(String type) {
    List<TemplatePart> events = new ArrayList<>();
    for (TemplatePart event : properties.at("Events").fields().values()) {
      event.requireOnly(Set.of("Type", "Properties"));
      String itsType = event.at("Type").text();
      if (!itsType.equals(ROUTE) && !itsType.equals(SCHEDULE)) {
        throw event.at("Type").notUnderstood();
      }
      if (itsType.equals(type)) {
        events.add(event);
      }
    }
    return events;
  }

  /** The routes that call the function once the authorizer has let the caller pass. */
  List<Route> routes(Function function) {
    return routes(function, false);
  }

  /** The routes by which anyone calls the function. */
  List<Route> publicRoutes(Function function) {
    return routes(function, true);
  }

  private List<Route> routes(Function function, boolean isPublic) {
    return eventsOf(ROUTE).stream()
        .map(it -> it.at("Properties"))
        .filter(it -> isPublic(it) == isPublic)
        .map(it -> route(it, function))
        .toList();
  }

  private static boolean isPublic(TemplatePart route) {
    TemplatePart auth = route.at("Auth");
    auth.requireOnly(Set.of("Authorizer"));
    if (auth.isMissing()) {
      return false;
    }
    auth.at("Authorizer").requireValue("NONE");
    return true;
  }

  /** The schedules that call the function. */
  List<Schedule> schedules(Function function, Intrinsics intrinsics) {
    return eventsOf(SCHEDULE).stream()
        .map(it -> schedule(it, function, intrinsics))
        .toList();
  }

  /** A schedule without an input sends an event of EventBridge, which no function here reads. */
  private static Schedule schedule(TemplatePart event, Function function, Intrinsics intrinsics) {
    TemplatePart schedule = event.at("Properties");
    schedule.requireOnly(Set.of("Description", "Input", "Schedule"));
    Matcher rate = RATE.matcher(schedule.at("Schedule").text());
    if (!rate.matches()) {
      throw schedule.at("Schedule").notUnderstood();
    }
    if (schedule.at("Input").isMissing()) {
      throw schedule.notUnderstood("a schedule without Input");
    }
    return new Schedule(
        event.name(),
        function,
        rate.group(1),
        intrinsics.text(schedule.at("Input").value()));
  }

  private static Route route(TemplatePart route, Function function) {
    route.requireOnly(Set.of("ApiId", "Auth", "Method", "Path"));
    String method = route.at("Method").text();
    String path = route.at("Path").text();
    if (!METHODS.contains(method) || path.contains("+}")) {
      throw route.notUnderstood(method + " " + path);
    }
    return new Route(method, path, function);
  }
}
