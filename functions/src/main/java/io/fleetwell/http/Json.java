package io.fleetwell.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FieldError;
import io.fleetwell.json.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * JSON as this API reads it. A body that comes in is held to I-JSON's strictness (RFC 7493), because what
 * one parser overlooks the next one trips over: no field twice, no half surrogates, nothing after the value, and no
 * number that the store cannot give back exactly as it was sent.
 */
public final class Json {
  /** How deeply arrays and objects may nest. DynamoDB's own limit is 32 and some of it is ours. */
  static final int MAX_DEPTH = 20;

  /** DynamoDB keeps 38 significant digits, and magnitudes from 1e-130 to 9.99e125 (Developer Guide, "Number"). */
  private static final int MAX_DIGITS = 38;

  private static final int MAX_NUMBER_LENGTH = 400;

  private static final int MIN_EXPONENT = -130;
  private static final int MAX_EXPONENT = 125;

  private static final JsonFactory BODIES = strict(1_024);

  /** Each line of up to 500 is answered, and an answer repeats the names that it does not know. */
  private static final JsonFactory LINES = strict(64);

  private static JsonFactory strict(int maxNameLength) {
    return JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxDocumentLength(Request.MAX_JSON_BYTES)
            .maxTokenCount(Request.MAX_JSON_BYTES)
            .maxStringLength(Request.MAX_JSON_BYTES)
            .maxNameLength(maxNameLength)
            .maxNumberLength(MAX_NUMBER_LENGTH)
            .build())
        .build();
  }

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /**
   * The object in a request's body.
   *
   * @throws Failure {@code INVALID} saying where and why, for anything else
   */
  static ObjectNode readBody(byte[] body) {
    return readObject("body", body, BODIES, Json::placeInBody);
  }

  /** The object on one line of a body; as {@link #readBody}. */
  static ObjectNode readLine(byte[] line) {
    return readObject("line", line, LINES, location -> "column " + location.getColumnNr());
  }

  private static ObjectNode readObject(
      String what, byte[] bytes, JsonFactory factory, Function<JsonLocation, String> place) {
    try (JsonParser parser = factory.createParser(decodeUtf8(what, bytes))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Failure.invalidField("", "must be a JSON object");
      }
      ObjectNode object = readObject(parser);
      if (parser.nextToken() != null) {
        throw Failure.invalid("The %s has more after the end of its JSON object.".formatted(what));
      }
      return object;
    } catch (StreamConstraintsException e) {
      throw Failure.invalid(
          "The JSON goes beyond a limit: %d levels deep, names of %,d and numbers of %d characters."
              .formatted(
                  MAX_DEPTH,
                  factory.streamReadConstraints().getMaxNameLength(),
                  MAX_NUMBER_LENGTH));
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " at " + place.apply(e.getLocation());
      throw Failure.invalid("The %s is not JSON%s.".formatted(what, where));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String placeInBody(JsonLocation location) {
    return "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  /** Jackson guesses UTF-16 and UTF-32 from bytes; JSON between systems is UTF-8 alone (RFC 8259, 8.1). */
  private static String decodeUtf8(String what, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Failure.invalid("The %s is not valid UTF-8.".formatted(what));
    }
  }

  private static ObjectNode readObject(JsonParser parser) throws IOException {
    ObjectNode object = object();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (!isUnicode(name)) {
        // Named by its object, since an answer cannot hold it either.
        throw notUnicode(parser.getParsingContext().pathAsPointer().head());
      }
      if (name.isEmpty()) {
        throw Failure.invalidField(pointer(parser), "a field's name must not be empty");
      }
      if (object.has(name)) {
        throw Failure.invalidField(pointer(parser), "is there twice");
      }
      parser.nextToken();
      object.set(name, readValue(parser));
    }
    return object;
  }

  private static ArrayNode readArray(JsonParser parser) throws IOException {
    ArrayNode array = array();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(readValue(parser));
    }
    return array;
  }

  private static JsonNode readValue(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readArray(parser);
      case VALUE_STRING -> readText(parser);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> readNumber(parser);
      case VALUE_TRUE -> BooleanNode.TRUE;
      case VALUE_FALSE -> BooleanNode.FALSE;
      case VALUE_NULL -> NullNode.instance;
      default -> throw new JsonParseException(parser, "no JSON value");
    };
  }

  private static JsonNode readText(JsonParser parser) throws IOException {
    String text = parser.getText();
    if (!isUnicode(text)) {
      throw notUnicode(parser.getParsingContext().pathAsPointer());
    }
    return TextNode.valueOf(text);
  }

  /** Half a surrogate pair cannot be written as UTF-8: it would be stored as a question mark. */
  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static Failure notUnicode(JsonPointer place) {
    return Failure.invalidField(
        place.toString(), "holds half of a surrogate pair, which is not a Unicode character");
  }

  private static JsonNode readNumber(JsonParser parser) throws IOException {
    String text = parser.getText();
    BigDecimal value = exactNumber(parser, text);
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      return DecimalNode.valueOf(value);
    }
    return JsonText.integer(value.toBigIntegerExact());
  }

  private static BigDecimal exactNumber(JsonParser parser, String text) {
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw notExact(parser);
    }
    if (value.signum() == 0) {
      if (text.startsWith("-") || Math.abs((long) value.scale()) > MAX_EXPONENT) {
        throw notExact(parser);
      }
      return value;
    }
    long exponent = (long) value.precision() - value.scale() - 1;
    // The exponent first: stripping the zeros of 100e2147483647 overflows.
    if (exponent < MIN_EXPONENT
        || exponent > MAX_EXPONENT
        || value.stripTrailingZeros().precision() > MAX_DIGITS) {
      throw notExact(parser);
    }
    return value;
  }

  private static Failure notExact(JsonParser parser) {
    return Failure.invalidField(
        pointer(parser),
        "cannot be kept exactly: at most 38 significant digits, from 1e-130 to 9.99e125, and no negative zero; send it as a string");
  }

  private static String pointer(JsonParser parser) {
    JsonPointer pointer = parser.getParsingContext().pathAsPointer();
    return pointer.toString();
  }

  /**
   * Makes sure that an object has no field but these.
   *
   * @param pointer of the object
   * @throws Failure {@code INVALID} naming those that are not known
   */
  public static void requireKnown(String pointer, ObjectNode object, Set<String> known) {
    List<FieldError> errors = unknownFields(pointer, object, known);
    if (!errors.isEmpty()) {
      throw Failure.invalidFields(errors);
    }
  }

  /** What {@link #requireKnown} would say of the fields of an object that are not known. */
  public static List<FieldError> unknownFields(String pointer, JsonNode object, Set<String> known) {
    String detail = "is not known here; the fields are " + String.join(", ", new TreeSet<>(known));
    return object.properties().stream()
        .filter(field -> !known.contains(field.getKey()))
        .map(field -> new FieldError(pointer(pointer, field.getKey()), detail))
        .toList();
  }

  /** A JSON pointer one step further (RFC 6901). */
  public static String pointer(String parent, String name) {
    return parent + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
