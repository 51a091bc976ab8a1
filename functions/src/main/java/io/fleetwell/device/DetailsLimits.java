package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The room of what was told about a device, of what users said, and of each registration: each has this room for itself.
 * A document that was stored when limits were wider may change as long as it does not grow.
 */
final class DetailsLimits {
  /** As compact JSON in UTF-8. */
  static final int MAX_BYTES = 64 * 1_024;

  /** At the top level. */
  static final int MAX_FIELDS = 200;

  /** Strings, numbers, booleans and nulls, at any depth. */
  static final int MAX_VALUES = 2_000;

  /**
   * Objects and arrays, at any depth. Two bytes of JSON are one, but DynamoDB and its client spend far more on it: 30,000 of them
   * take a function half a second to read.
   */
  static final int MAX_CONTAINERS = 2_000;

  private DetailsLimits() {}

  /** The size of a document. */
  private record Size(int bytes, int fields, int values, int containers) {
    static Size of(ObjectNode document) {
      return new Size(
          Json.bytes(document).length,
          document.size(),
          count(document, JsonNode::isValueNode),
          count(document, JsonNode::isContainerNode));
    }

    /** Counts the nodes in a node. */
    private static int count(JsonNode node, Predicate<JsonNode> counted) {
      return node.valueStream()
          .mapToInt(inner -> (counted.test(inner) ? 1 : 0) + count(inner, counted))
          .sum();
    }
  }

  /**
   * Checks a document that replaces another.
   *
   * @throws Failure {@code TOO_LARGE} with the limit that it exceeds
   */
  static void require(ObjectNode after, ObjectNode before) {
    Optional<Failure> excess = excess(after, before);
    if (excess.isPresent()) {
      throw excess.get();
    }
  }

  /** Whether {@link #require} would pass. */
  static boolean hasRoom(ObjectNode after, ObjectNode before) {
    return excess(after, before).isEmpty();
  }

  private static Optional<Failure> excess(ObjectNode after, ObjectNode before) {
    Size size = Size.of(after);
    Size present = Size.of(before);
    return excess(size.bytes(), MAX_BYTES, present.bytes(), "bytes of JSON")
        .or(() -> excess(size.fields(), MAX_FIELDS, present.fields(), "fields"))
        .or(() -> excess(size.values(), MAX_VALUES, present.values(), "values"))
        .or(() ->
            excess(size.containers(), MAX_CONTAINERS, present.containers(), "objects and arrays"));
  }

  private static Optional<Failure> excess(int size, int max, int present, String unit) {
    return size <= Math.max(max, present)
        ? Optional.empty()
        : Optional.of(Failure.of(
            FailureKind.TOO_LARGE,
            "The device's details would have %,d %s, and may have %,d. Remove some with null first."
                .formatted(size, unit, max)));
  }

  /** Whether the ids of the authors of words have room. They may take as many bytes as the words. */
  static boolean hasRoom(Map<String, Set<String>> after, Map<String, Set<String>> before) {
    return bytes(after) <= Math.max(MAX_BYTES, bytes(before));
  }

  private static int bytes(Map<String, Set<String>> authors) {
    return authors.values().stream()
        .flatMap(Set::stream)
        .mapToInt(user -> user.getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
