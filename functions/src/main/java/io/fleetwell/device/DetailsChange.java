package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.device.Tree.Leaf;
import io.fleetwell.history.Change;
import io.fleetwell.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names the details that a change affects, as JSON pointers. */
final class DetailsChange {
  private DetailsChange() {}

  /** Of a fact it names each leaf, of anything else only the field: names further below may be personal. */
  static Change of(DeviceDetails before, DeviceDetails after) {
    Map<String, JsonNode> old = values(before.shown());
    Map<String, JsonNode> now = values(after.shown());
    return Change.ofFields(others(old, now), others(now, old));
  }

  private static Map<String, JsonNode> values(ObjectNode shown) {
    Map<String, JsonNode> values = new TreeMap<>();
    for (Leaf leaf : Tree.leaves(shown)) {
      List<String> path = DeviceDetails.isFact(leaf.field()) ? leaf.path() : List.of(leaf.field());
      values.put(pointer(path), shown.at(pointer(path)));
    }
    return values;
  }

  private static String pointer(List<String> path) {
    return path.stream().reduce("", Json::pointer);
  }

  /** The names of the first values that the second ones lack or have otherwise. */
  private static List<String> others(Map<String, JsonNode> first, Map<String, JsonNode> second) {
    List<String> names = new ArrayList<>();
    first.forEach((name, value) -> {
      if (!value.equals(second.get(name))) {
        names.add(name);
      }
    });
    return names;
  }
}
