package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * The room of what was told about a device, of what users said, and of each registration: each has this room for itself.
 * A document that was stored when limits were wider may change as long as it does not grow.
 */
final class DetailsLimits {
  /** As compact JSON in UTF-8. */
  static final int MAX_BYTES = 64 * 1_024;

  /** At the top level. */
  static final int MAX_FIELDS = 200;

  /** Strings, numbers, booleans, nulls, and empty objects and arrays, at any depth. */
  static final int MAX_VALUES = 2_000;

  private DetailsLimits() {}

  /** The size of a document. */
  private record Size(int bytes, int fields, int values) {
    static Size of(ObjectNode document) {
      return new Size(Json.bytes(document).length, document.size(), values(document));
    }

    private static int values(JsonNode node) {
      return node.isContainerNode() && !node.isEmpty()
          ? node.valueStream().mapToInt(Size::values).sum()
          : 1;
    }
  }

  /**
   * Checks a document that replaces another.
   *
   * @throws Failure {@code TOO_LARGE} with the limit that it exceeds
   */
  static void require(ObjectNode after, ObjectNode before) {
    Size size = Size.of(after);
    Size present = Size.of(before);
    requireAtMost(size.bytes(), MAX_BYTES, present.bytes(), "bytes of JSON");
    requireAtMost(size.fields(), MAX_FIELDS, present.fields(), "fields");
    requireAtMost(size.values(), MAX_VALUES, present.values(), "values");
  }

  private static void requireAtMost(int size, int max, int present, String unit) {
    if (size > Math.max(max, present)) {
      throw Failure.of(
          FailureKind.TOO_LARGE,
          "The device's details would have %,d %s, and may have %,d. Remove some with null first."
              .formatted(size, unit, max));
    }
  }

  /** Whether {@link #require} would pass. */
  static boolean hasRoom(ObjectNode after, ObjectNode before) {
    Size size = Size.of(after);
    Size present = Size.of(before);
    return size.bytes() <= Math.max(MAX_BYTES, present.bytes())
        && size.fields() <= Math.max(MAX_FIELDS, present.fields())
        && size.values() <= Math.max(MAX_VALUES, present.values());
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
