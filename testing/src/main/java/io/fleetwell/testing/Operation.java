package io.fleetwell.testing;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * An operation of {@code openapi.yaml}.
 *
 * @param id the operation ID. A function has the name of its first operation.
 * @param callers the kinds of caller in {@code x-callers}
 * @param security the kinds of caller in {@code security}
 * @param bodyTypes the content types that it accepts; empty if it takes no body
 */
public record Operation(
    String id,
    String method,
    String path,
    Set<String> callers,
    Set<String> security,
    List<Parameter> parameters,
    Set<String> bodyTypes) {

  /** The form of a variable in a path. */
  private static final String VARIABLE = "{%s}";

  /**
   * A parameter.
   *
   * @param in {@code path}, {@code query} or {@code header}
   * @param example a value, not percent-encoded
   */
  public record Parameter(String name, String in, boolean required, String example) {}

  /** Matches operations with a named parameter in the path, the query or a header. */
  public static Predicate<Operation> with(String in, String name) {
    return operation ->
        operation.parameters(in).stream().anyMatch(it -> it.name().equals(name));
  }

  /** The route in the form of the template, such as {@code GET /v1/firmware}. */
  public String route() {
    return method + " " + path;
  }

  /** Whether an answer never has a body. */
  public boolean isHead() {
    return method.equals("HEAD");
  }

  public boolean isFor(String kind) {
    return callers.contains(kind);
  }

  /** Whether it accepts JSON. */
  public boolean takesJson() {
    return bodyTypes.contains("application/json");
  }

  /** The parameters in the path, in the query or in headers. */
  public List<Parameter> parameters(String in) {
    return parameters.stream().filter(it -> it.in().equals(in)).toList();
  }

  /**
   * The path with values for its variables.
   *
   * @param values percent-encoded values by name; the examples fill in the rest
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

  /** The route, which test reports show. */
  @Override
  public String toString() {
    return route();
  }
}
