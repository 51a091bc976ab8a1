package io.fleetwell.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FieldError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads and writes JSON trees, and checks the names of their fields. */
public final class Json {
  /** Keeps numbers exactly as written, and writes emoji as UTF-8 instead of escapes. */
  private static final JsonMapper MAPPER = JsonMapper.builder()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
      .build();

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Reads text from a trusted source, such as the gateway's events. {@link StrictJson} is for bodies of callers.
   *
   * @throws IOException when it cannot be read, or is not JSON
   */
  public static JsonNode read(InputStream in) throws IOException {
    return MAPPER.readTree(in);
  }

  public static String text(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] bytes(JsonNode tree) {
    try {
      return MAPPER.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns a number as a node. A number that is mathematically an integer is one, however it is written: {@code 6.0},
   * {@code 6e0} and {@code 60e-1} are {@code 6}. A fraction keeps its digits.
   *
   * @param value of a bounded exponent, because an integer gets all its digits
   */
  public static JsonNode number(BigDecimal value) {
    return value.stripTrailingZeros().scale() <= 0
        ? integer(value.toBigIntegerExact())
        : DecimalNode.valueOf(value);
  }

  /** Returns an integer as the smallest type of node that holds it, so that equal numbers are equal nodes. */
  private static JsonNode integer(BigInteger value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value.bitLength() < Integer.SIZE) {
      return nodes.numberNode(value.intValueExact());
    }
    return value.bitLength() < Long.SIZE
        ? nodes.numberNode(value.longValueExact())
        : nodes.numberNode(value);
  }

  /** Refuses unknown fields; throws {@code INVALID} with all unknown fields. */
  public static void requireKnown(ObjectNode object, Set<String> known) {
    List<FieldError> unknown = unknownFields("", object, known);
    if (!unknown.isEmpty()) {
      throw Failure.invalidFields(unknown);
    }
  }

  /**
   * Lists the unknown fields of an object.
   *
   * @param pointer the JSON pointer of the object
   */
  public static List<FieldError> unknownFields(String pointer, JsonNode object, Set<String> known) {
    String detail =
        "is not a known field; the fields are " + String.join(", ", new TreeSet<>(known));
    return object.properties().stream()
        .filter(field -> !known.contains(field.getKey()))
        .map(field -> new FieldError(pointer(pointer, field.getKey()), detail))
        .toList();
  }

  /** The JSON pointer of a field (RFC 6901). */
  public static String pointer(String parent, String name) {
    return parent + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
