package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Operations on JSON objects by the paths of their leaves. A leaf is anything but an object; an array is one leaf. The
 * static methods do not change their arguments, except where they say so.
 */
final class Tree {
  /** A value at a path of field names. An empty object counts too, because a merge patch may contain one. */
  record Leaf(List<String> path, JsonNode value) {
    Leaf {
      path = List.copyOf(path);
    }

    String field() {
      return path.get(0);
    }
  }

  private Tree() {}

  /** The leaves of an object, in their order. */
  static List<Leaf> leaves(ObjectNode object) {
    List<Leaf> leaves = new ArrayList<>();
    collect(object, List.of(), leaves);
    return leaves;
  }

  private static void collect(ObjectNode object, List<String> path, List<Leaf> leaves) {
    object.properties().forEach(field -> {
      List<String> below = append(path, field.getKey());
      if (field.getValue() instanceof ObjectNode inner && !inner.isEmpty()) {
        collect(inner, below, leaves);
      } else {
        leaves.add(new Leaf(below, field.getValue()));
      }
    });
  }

  private static List<String> append(List<String> path, String name) {
    return Stream.concat(path.stream(), Stream.of(name)).toList();
  }

  /** The value at a path, or null. */
  static @Nullable JsonNode at(ObjectNode object, List<String> path) {
    JsonNode node = object;
    for (String name : path) {
      node = node.get(name);
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  static boolean hasObject(ObjectNode object, List<String> path) {
    return at(object, path) instanceof ObjectNode;
  }

  /** The names of the top-level fields. */
  static List<String> names(ObjectNode object) {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }

  /** Whether a value other than an object is at the path or on the way to it. */
  static boolean hasLeafOn(ObjectNode object, List<String> path) {
    JsonNode node = object;
    for (String name : path) {
      node = node.get(name);
      if (node == null || !node.isObject()) {
        return node != null;
      }
    }
    return false;
  }

  /** Changes the object: puts the value there, and an object in place of a leaf on the path to it. */
  static void put(ObjectNode object, Leaf leaf) {
    parent(object, leaf.path()).set(last(leaf.path()), leaf.value().deepCopy());
  }

  /** Changes the object: makes an object at the path, unless there is one. */
  static void putObject(ObjectNode object, List<String> path) {
    child(parent(object, path), last(path));
  }

  private static ObjectNode parent(ObjectNode object, List<String> path) {
    ObjectNode node = object;
    for (String name : path.subList(0, path.size() - 1)) {
      node = child(node, name);
    }
    return node;
  }

  private static ObjectNode child(ObjectNode parent, String name) {
    return parent.get(name) instanceof ObjectNode present ? present : parent.putObject(name);
  }

  /** Changes the object: removes what is at the path. Objects that become empty stay, as in RFC 7396. */
  static void remove(ObjectNode object, List<String> path) {
    if (at(object, path.subList(0, path.size() - 1)) instanceof ObjectNode parent) {
      parent.remove(last(path));
    }
  }

  /** Changes the object: removes what is at the path, and a leaf on the path to it. */
  static void clear(ObjectNode object, List<String> path) {
    ObjectNode node = object;
    for (String name : path.subList(0, path.size() - 1)) {
      if (!(node.get(name) instanceof ObjectNode inner)) {
        node.remove(name);
        return;
      }
      node = inner;
    }
    node.remove(last(path));
  }

  private static String last(List<String> path) {
    return path.get(path.size() - 1);
  }

  /** All leaves of both. Where only one of them can be shown, it is that of the first object. */
  static ObjectNode union(ObjectNode first, ObjectNode second) {
    ObjectNode union = first.deepCopy();
    second.properties().forEach(field -> {
      JsonNode present = union.get(field.getKey());
      if (present == null) {
        union.set(field.getKey(), field.getValue().deepCopy());
      } else if (present instanceof ObjectNode object
          && field.getValue() instanceof ObjectNode other) {
        union.set(field.getKey(), union(object, other));
      }
    });
    return union;
  }

  /** The object without empty objects in places where the other has an object that is not empty. */
  static ObjectNode withoutEmpty(ObjectNode object, ObjectNode other) {
    ObjectNode rest = object.deepCopy();
    other.properties().forEach(field -> {
      if (field.getValue() instanceof ObjectNode otherInner
          && !otherInner.isEmpty()
          && rest.get(field.getKey()) instanceof ObjectNode inner) {
        ObjectNode kept = withoutEmpty(inner, otherInner);
        if (kept.isEmpty()) {
          rest.remove(field.getKey());
        } else {
          rest.set(field.getKey(), kept);
        }
      }
    });
    return rest;
  }

  /** The object without the leaves of the other, and without objects that have nothing else. */
  static ObjectNode without(ObjectNode object, ObjectNode other) {
    ObjectNode rest = Json.object();
    object.properties().forEach(field -> {
      JsonNode value = field.getValue();
      JsonNode removed = other.get(field.getKey());
      if (removed == null) {
        rest.set(field.getKey(), value.deepCopy());
      } else if (value instanceof ObjectNode inner && removed instanceof ObjectNode removedInner) {
        ObjectNode kept = without(inner, removedInner);
        if (!kept.isEmpty()) {
          rest.set(field.getKey(), kept);
        }
      }
    });
    return rest;
  }
}
