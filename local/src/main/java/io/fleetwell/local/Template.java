package io.fleetwell.local;

import io.fleetwell.local.Permissions.Permission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The parts of {@code template.yaml} that have an effect on one machine.
 *
 * @param routes the routes that have the authorizer, by function, in the template's order; a function may have several
 * @param publicRoutes the routes that anyone may call
 * @param authorizer the authorizer of {@code routes}
 * @param cors which pages of other origins may call the API; empty if none may
 * @param stageVariables what every event of the API has in {@code stageVariables}
 */
public record Template(
    List<Route> routes,
    List<Route> publicRoutes,
    Authorizer authorizer,
    List<Schedule> schedules,
    Optional<Cors> cors,
    Map<String, String> stageVariables,
    List<Table> tables,
    List<String> buckets) {

  /** All functions, the authorizer first. */
  public List<Function> functions() {
    return Stream.of(
            functionsOfTheApi().stream(),
            publicRoutes.stream().map(Route::function),
            schedules.stream().map(Schedule::function))
        .flatMap(it -> it)
        .distinct()
        .toList();
  }

  /** The authorizer, and then the functions that are called with its consent. */
  public List<Function> functionsOfTheApi() {
    return Stream.concat(Stream.of(authorizer.function()), routes.stream().map(Route::function))
        .distinct()
        .toList();
  }

  public Function function(String name) {
    return functions().stream()
        .filter(function -> function.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /**
   * A function.
   *
   * @param name its name in the template
   * @param handler the name of its class
   * @param timeout the time after which Lambda stops it
   * @param alias the alias by which it is called; empty if it publishes no versions
   * @param startsFromSnapshot whether it publishes versions with a snapshot, and is called by an alias of them
   * @param permissions the calls that its policies allow
   */
  public record Function(
      String name,
      String handler,
      Duration timeout,
      Optional<String> alias,
      boolean startsFromSnapshot,
      Map<String, String> environment,
      Set<Permission> permissions) {

    /** The ARN of its alias. */
    public Optional<String> arn() {
      return alias.map(it -> LocalAccount.arnOfAlias(name, it));
    }
  }

  /** A route of the API, such as {@code GET} and {@code /v1/devices/{deviceid}}. */
  public record Route(String method, String path, Function function) {
    public String key() {
      return method + " " + path;
    }
  }

  /**
   * The function that authorizes calls.
   *
   * @param cached how long the gateway caches an answer; zero to cache none
   */
  public record Authorizer(Function function, Duration cached) {}

  /**
   * A time at which a function is called.
   *
   * @param name of the function and of its event, such as {@code KeepAwake.Weekly}
   * @param rate the time between two calls, such as {@code 7 days}
   * @param input the function's event
   */
  public record Schedule(String name, Function function, String rate, String input) {}

  /**
   * A table.
   *
   * @param attributes the types of the key attributes, by name
   */
  public record Table(String name, Map<String, String> attributes, Key key, List<Index> indexes) {}

  public record Key(String partition, Optional<String> sort) {}

  /**
   * An index.
   *
   * @param global whether it has its own partition key
   * @param projection {@code ALL} or {@code KEYS_ONLY}
   */
  public record Index(String name, boolean global, Key key, String projection) {}
}
