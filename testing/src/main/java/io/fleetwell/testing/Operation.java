package io.fleetwell.testing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * An operation of {@code openapi.yaml}.
 *
 * @param id also the name of its function
 * @param callers the kinds of caller that it is for, as {@code x-callers} has them
 * @param security the same kinds, as {@code security} has them
 * @param bodyTypes the content types that it takes; none where it takes no body
 */
public record Operation(
    String id,
    String method,
    String path,
    Set<String> callers,
    Set<String> security,
    List<Parameter> parameters,
    Set<String> bodyTypes) {

  /** How a path spells a variable. */
  private static final String VARIABLE = "{%s}";

  /**
   * A parameter.
   *
   * @param in {@code path}, {@code query} or {@code header}
   * @param example a value, not encoded
   */
  public record Parameter(String name, String in, boolean required, String example) {}

  /** Fits operations with a parameter of a name in a place. */
  public static Predicate<Operation> with(String in, String name) {
    return operation ->
        operation.parameters(in).stream().anyMatch(it -> it.name().equals(name));
  }

  /** As the template's routes are called. */
  public String route() {
    return method + " " + path;
  }

  public boolean isFor(String kind) {
    return callers.contains(kind);
  }

  /** Whether its body is JSON. */
  public boolean takesJson() {
    return bodyTypes.contains("application/json");
  }

  /** Those in a place. */
  public List<Parameter> parameters(String in) {
    return parameters.stream().filter(it -> it.in().equals(in)).toList();
  }

  /**
   * The path with values for its variables.
   *
   * @param values percent-encoded, by name; the rest are the examples
   */
  public String path(Map<String, String> values) {
    String filled = path;
    for (Parameter parameter : parameters("path")) {
      filled = filled.replace(
          VARIABLE.formatted(parameter.name()),
          values.getOrDefault(parameter.name(), parameter.example()));
    }
    return filled;
  }

  /** Its route, by which tests are called. */
  @Override
  public String toString() {
    return route();
  }
}
