package io.fleetwell.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fleetwell.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Converts JSON to DynamoDB's types and back without loss, so that a record is readable in DynamoDB's console.
 *
 * <p>DynamoDB stores a number's value but not its notation: {@code 1.50} comes back as {@code 1.5}. JSON has no binary type,
 * so a fraction whose notation would change is stored as binary, with its text. The console shows such a number as binary.
 * An exponent comes back with the same value and digits, spelled {@code 1E-7} for {@code 1e-7}. Earlier releases stored
 * integers such as {@code 6.0} as binary too; they are read as integers.
 */
public final class Attributes {
  private Attributes() {}

  public static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  public static AttributeValue number(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  public static AttributeValue required(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    if (value == null) {
      throw new IllegalStateException("an item without the attribute " + attribute);
    }
    return value;
  }

  /** Returns a text that every item of this kind has. */
  public static String textOf(Map<String, AttributeValue> item, String attribute) {
    return typed(required(item, attribute), AttributeValue.Type.S).s();
  }

  /** Returns a text; empty if the item has none. */
  public static Optional<String> optionalText(Map<String, AttributeValue> item, String attribute) {
    return item.containsKey(attribute) ? Optional.of(textOf(item, attribute)) : Optional.empty();
  }

  /** Returns a set of texts; empty if the item has none. */
  public static Set<String> textsOf(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    return value == null
        ? Set.of()
        : Set.copyOf(typed(value, AttributeValue.Type.SS).ss());
  }

  /** Returns a number; 0 if the item has none. */
  public static long longOf(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    return value == null
        ? 0
        : Long.parseLong(typed(value, AttributeValue.Type.N).n());
  }

  /** Returns a flag; false if the item has none. */
  public static boolean flagOf(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    return value != null && typed(value, AttributeValue.Type.BOOL).bool();
  }

  /** Returns a time, in milliseconds since 1970; that moment if the item has none. */
  public static Instant timeOf(Map<String, AttributeValue> item, String attribute) {
    return Instant.ofEpochMilli(longOf(item, attribute));
  }

  /** Returns a map; empty if the item has none. */
  public static Map<String, AttributeValue> mapOf(
      Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    return value == null ? Map.of() : typed(value, AttributeValue.Type.M).m();
  }

  /** Returns a list; empty if the item has none. */
  public static List<AttributeValue> listOf(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    return value == null ? List.of() : typed(value, AttributeValue.Type.L).l();
  }

  /** The SDK would take a value of another type for an empty one. */
  private static AttributeValue typed(AttributeValue value, AttributeValue.Type type) {
    if (value.type() != type) {
      throw new IllegalStateException(
          "an attribute of type %s, not %s".formatted(value.type(), type));
    }
    return value;
  }

  public static AttributeValue number(Instant time) {
    return number(time.toEpochMilli());
  }

  public static AttributeValue ofJson(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, AttributeValue> map = new HashMap<>();
        node.properties().forEach(field -> map.put(field.getKey(), ofJson(field.getValue())));
        yield AttributeValue.fromM(map);
      }
      case ARRAY ->
        AttributeValue.fromL(node.valueStream().map(Attributes::ofJson).toList());
      case STRING -> text(node.textValue());
      case BOOLEAN -> AttributeValue.fromBool(node.booleanValue());
      case NULL -> AttributeValue.fromNul(true);
      case NUMBER ->
        node.isIntegralNumber()
            ? AttributeValue.fromN(node.bigIntegerValue().toString())
            : ofDecimal(node.decimalValue());
      default -> throw new IllegalStateException("no JSON: " + node.getNodeType());
    };
  }

  private static AttributeValue ofDecimal(BigDecimal value) {
    boolean keepsNotation =
        value.scale() > 0 && value.scale() == value.stripTrailingZeros().scale();
    return keepsNotation
        ? AttributeValue.fromN(value.toString())
        : AttributeValue.fromB(SdkBytes.fromUtf8String(value.toString()));
  }

  /** Converts a map. The fields are in the order of their names, because DynamoDB keeps no order. */
  public static ObjectNode toJson(Map<String, AttributeValue> map) {
    ObjectNode object = Json.object();
    new TreeMap<>(map).forEach((name, value) -> object.set(name, toJson(value)));
    return object;
  }

  private static JsonNode toJson(AttributeValue value) {
    return switch (value.type()) {
      case M -> toJson(value.m());
      case L -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        value.l().forEach(element -> array.add(toJson(element)));
        yield array;
      }
      case S -> TextNode.valueOf(value.s());
      case BOOL -> BooleanNode.valueOf(value.bool());
      case NUL -> NullNode.instance;
      case N -> Json.number(new BigDecimal(value.n()).stripTrailingZeros());
      case B -> Json.number(new BigDecimal(value.b().asUtf8String()));
      default -> throw new IllegalStateException("no JSON is stored as " + value.type());
    };
  }
}
