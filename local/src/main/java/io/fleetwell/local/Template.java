package io.fleetwell.local;

import io.fleetwell.local.Permissions.Permission;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code template.yaml} asks for, as far as it makes a difference on one machine.
 *
 * @param routes by function, in the template's order
 * @param authorizer which guards them all
 */
public record Template(
    List<Route> routes, Authorizer authorizer, List<Table> tables, List<String> buckets) {

  /** All of them, the authorizer first. */
  public List<Function> functions() {
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
   * @param name in the template
   * @param handler the class
   * @param timeout after which Lambda stops it
   * @param permissions what its policies allow it to call
   */
  public record Function(
      String name,
      String handler,
      Duration timeout,
      Map<String, String> environment,
      Set<Permission> permissions) {}

  /** A route of the API, such as {@code GET} and {@code /v1/devices/{deviceid}}. */
  public record Route(String method, String path, Function function) {
    public String key() {
      return method + " " + path;
    }
  }

  /**
   * The function that guards the routes.
   *
   * @param cached for how long the gateway goes by an answer; zero for not at all
   */
  public record Authorizer(Function function, Duration cached) {}

  /**
   * A table.
   *
   * @param attributes the types of the keys' attributes, by name
   */
  public record Table(String name, Map<String, String> attributes, Key key, List<Index> indexes) {}

  public record Key(String partition, Optional<String> sort) {}

  /**
   * An index.
   *
   * @param global whether it has a partition key of its own
   * @param projection {@code ALL} or {@code KEYS_ONLY}
   */
  public record Index(String name, boolean global, Key key, String projection) {}
}
