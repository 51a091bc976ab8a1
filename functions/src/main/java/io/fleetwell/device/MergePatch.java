package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import java.util.Map;

/** JSON merge patch (RFC 7396) of one object by another. */
final class MergePatch {
  private MergePatch() {}

  /** Returns the merged object; neither argument is changed. */
  static ObjectNode apply(ObjectNode target, ObjectNode patch) {
    ObjectNode merged = target.deepCopy();
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getValue().isNull()) {
        merged.remove(field.getKey());
      } else if (field.getValue() instanceof ObjectNode patchOfField) {
        merged.set(field.getKey(), apply(objectOrEmpty(merged.get(field.getKey())), patchOfField));
      } else {
        merged.set(field.getKey(), field.getValue().deepCopy());
      }
    }
    return merged;
  }

  private static ObjectNode objectOrEmpty(JsonNode node) {
    return node instanceof ObjectNode object ? object : Json.object();
  }
}
