package io.fleetwell.history;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import java.util.Collection;
import java.util.List;

/**
 * What an event changed. Of personal data, and of all details of a device, it has names of fields and no values.
 *
 * @param before never changed in place
 * @param after never changed in place
 */
public record Change(ObjectNode before, ObjectNode after) {
  /** The most names of fields on each side. */
  private static final int MAX_FIELDS = 50;

  /** A longer name is cut, in Unicode code points. */
  private static final int MAX_NAME = 100;

  /** A change of fields whose values are not told: those that were there before, and those that are there now. */
  public static Change ofFields(Collection<String> before, Collection<String> after) {
    return new Change(fields(before), fields(after));
  }

  /** A change of one field whose values are not told. */
  public static Change ofField(String field, boolean wasThere, boolean isThere) {
    return ofFields(wasThere ? List.of(field) : List.of(), isThere ? List.of(field) : List.of());
  }

  private static ObjectNode fields(Collection<String> names) {
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("fields");
    names.stream().sorted().limit(MAX_FIELDS).map(Change::cut).forEach(list::add);
    return names.size() > MAX_FIELDS ? json.put("more", names.size() - MAX_FIELDS) : json;
  }

  private static String cut(String name) {
    return name.codePointCount(0, name.length()) <= MAX_NAME
        ? name
        : name.substring(0, name.offsetByCodePoints(0, MAX_NAME)) + "…";
  }

  void addTo(ObjectNode json) {
    json.set("before", before);
    json.set("after", after);
  }
}
