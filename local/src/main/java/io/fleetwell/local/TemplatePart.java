package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A part of {@code template.yaml}, which refuses what the local system does not understand.
 *
 * @param name such as {@code Devices.KeySchema}; errors call the part by it
 * @param value missing if the template does not have this part
 */
record TemplatePart(String name, JsonNode value) {
  TemplatePart at(String field) {
    return new TemplatePart(name + "." + field, value.path(field));
  }

  /** The properties of a resource, under the name of the resource. */
  TemplatePart properties() {
    return new TemplatePart(name, value.path("Properties"));
  }

  boolean isMissing() {
    return value.isMissingNode();
  }

  /** The fields of an object by their names, in the template's order. */
  Map<String, TemplatePart> fields() {
    Map<String, TemplatePart> fields = new LinkedHashMap<>();
    value.properties().forEach(field -> fields.put(field.getKey(), at(field.getKey())));
    return fields;
  }

  /** The elements of a list, under the name of the list. A single value is a list of one. */
  List<TemplatePart> elements() {
    if (isMissing()) {
      return List.of();
    }
    return value.isArray()
        ? value.valueStream().map(element -> new TemplatePart(name, element)).toList()
        : List.of(this);
  }

  /** The value, which must be there and plain. */
  String text() {
    if (value.isNull() || !value.isValueNode()) {
      throw notUnderstood();
    }
    return value.asText();
  }

  /** Refuses any value but an object of these fields. The part may be missing. */
  void requireOnly(Set<String> known, String... more) {
    if (!isMissing() && !value.isObject()) {
      throw notUnderstood();
    }
    Set<String> unknown = new LinkedHashSet<>(fields().keySet());
    unknown.removeAll(known);
    List.of(more).forEach(unknown::remove);
    unknown.stream().findFirst().ifPresent(field -> {
      throw refusal(at(field).name());
    });
  }

  /** Refuses any value but this one. */
  void requireValue(String understood) {
    if (!value.asText().equals(understood)) {
      throw notUnderstood();
    }
  }

  CannotStartException notUnderstood() {
    return notUnderstood(value.isValueNode() ? value.asText() : value.toString());
  }

  /** An error that names this part and what of it is not understood. */
  CannotStartException notUnderstood(String what) {
    return refusal(name + ": " + what);
  }

  private static CannotStartException refusal(String what) {
    return new CannotStartException(
        "The local system does not understand %s in template.yaml.".formatted(what));
  }
}
