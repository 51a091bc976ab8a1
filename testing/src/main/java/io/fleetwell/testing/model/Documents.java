package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Documents of details: what is a fact, how they merge, and how they are stored. They are never changed in place. */
final class Documents {
  private static final Set<String> FACTS = Set.of(
      "devicetype",
      "brand",
      "serial",
      "devicemanufacturer",
      "platform",
      "platformversion",
      "region",
      "versioninfo",
      "power");

  /** The texts that rules compare. */
  private static final Pattern COMPARED =
      Pattern.compile("/(devicetype|region|serial|versioninfo/[^/]+)");

  private static final Pattern INVISIBLE_ENDS =
      Pattern.compile("^[\\p{Cc}\\p{IsWhite_Space}]+|[\\p{Cc}\\p{IsWhite_Space}]+$");

  private static final int MAX_BYTES = 64 * 1_024;
  private static final int MAX_FIELDS = 200;
  private static final int MAX_VALUES = 2_000;

  private Documents() {}

  static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Whether a top-level field holds facts. All others are personal. */
  static boolean isFact(String field) {
    return FACTS.contains(field);
  }

  static ObjectNode facts(ObjectNode document) {
    return only(document, Documents::isFact);
  }

  private static ObjectNode only(ObjectNode document, Predicate<String> wanted) {
    ObjectNode some = document.deepCopy();
    some.retain(
        document.properties().stream().map(Map.Entry::getKey).filter(wanted).toList());
    return some;
  }

  /** A JSON merge patch (RFC 7396). */
  static ObjectNode merge(ObjectNode target, ObjectNode patch) {
    ObjectNode merged = target.deepCopy();
    patch.properties().forEach(field -> {
      String name = field.getKey();
      if (field.getValue().isNull()) {
        merged.remove(name);
      } else if (field.getValue() instanceof ObjectNode inner) {
        merged.set(name, merge(merged.get(name) instanceof ObjectNode old ? old : empty(), inner));
      } else {
        merged.set(name, field.getValue());
      }
    });
    return merged;
  }

  /**
   * The document as it is stored: without the device's id, compared texts without white space at their ends, integers
   * without a fraction.
   */
  static ObjectNode stored(ObjectNode document) {
    ObjectNode stored = stored("", document);
    stored.remove("deviceid");
    return stored;
  }

  private static ObjectNode stored(String path, ObjectNode object) {
    ObjectNode stored = empty();
    object
        .properties()
        .forEach(field ->
            stored.set(field.getKey(), stored(path + "/" + field.getKey(), field.getValue())));
    return stored;
  }

  private static JsonNode stored(String path, JsonNode value) {
    if (value instanceof ObjectNode object) {
      return stored(path, object);
    }
    if (value.isTextual() && COMPARED.matcher(path).matches()) {
      return JsonNodeFactory.instance.textNode(compared(value.textValue()));
    }
    if (value.isBigDecimal() && value.decimalValue().stripTrailingZeros().scale() <= 0) {
      BigDecimal whole = value.decimalValue();
      return JsonNodeFactory.instance.numberNode(whole.intValueExact());
    }
    return value;
  }

  /** A text as rules compare it. */
  private static String compared(String text) {
    return Normalizer.normalize(INVISIBLE_ENDS.matcher(text).replaceAll(""), Normalizer.Form.NFC);
  }

  /** Whether a text that rules compare consists of white space alone. */
  static boolean hasBlank(ObjectNode document) {
    return hasBlank("", document);
  }

  private static boolean hasBlank(String path, JsonNode value) {
    if (value instanceof ObjectNode object) {
      return object.properties().stream()
          .anyMatch(field -> hasBlank(path + "/" + field.getKey(), field.getValue()));
    }
    return value.isTextual()
        && COMPARED.matcher(path).matches()
        && !value.textValue().isEmpty()
        && compared(value.textValue()).isEmpty();
  }

  /** The text at a path of names; empty if there is none, or it has no characters. */
  static Optional<String> text(ObjectNode document, String... path) {
    JsonNode node = document;
    for (String name : path) {
      node = node.path(name);
    }
    return Optional.ofNullable(node.textValue()).filter(text -> !text.isEmpty());
  }

  /** Whether a document has room for itself. */
  static boolean fits(ObjectNode document) {
    return document.size() <= MAX_FIELDS
        && document.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES
        && values(document) <= MAX_VALUES;
  }

  private static int values(JsonNode node) {
    return node.isContainerNode()
        ? node.valueStream().mapToInt(Documents::values).sum()
        : 1;
  }
}
