package io.fleetwell.json;

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
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fleetwell.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads JSON from callers as strictly as I-JSON (RFC 7493), because lenient parsers differ. It refuses duplicate fields,
 * unpaired surrogates, text after the value, and numbers that DynamoDB cannot store exactly.
 */
public final class StrictJson {
  /** A larger JSON body is refused before it is parsed. */
  public static final int MAX_BYTES = 64 * 1_024;

  /** The deepest nesting of arrays and objects. DynamoDB's limit is 32, and an item needs some of it. */
  static final int MAX_DEPTH = 20;

  /** DynamoDB stores 38 significant digits, and magnitudes from 1e-130 to 9.99e125 (Developer Guide, "Number"). */
  private static final int MAX_DIGITS = 38;

  private static final int MAX_NUMBER_LENGTH = 400;

  private static final int MIN_EXPONENT = -130;
  private static final int MAX_EXPONENT = 125;

  /** Zero in every notation, of either sign and with any exponent. */
  private static final Pattern ZERO = Pattern.compile("-?0(?:\\.0+)?(?:[eE].*)?");

  private static final JsonFactory BODIES = strict(1_024);

  /** The response repeats unknown names of up to 500 lines. */
  private static final JsonFactory LINES = strict(64);

  private static JsonFactory strict(int maxNameLength) {
    return JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxDocumentLength(MAX_BYTES)
            .maxTokenCount(MAX_BYTES)
            .maxStringLength(MAX_BYTES)
            .maxNameLength(maxNameLength)
            .maxNumberLength(MAX_NUMBER_LENGTH)
            .build())
        .build();
  }

  private StrictJson() {}

  /**
   * Returns the object in a request's body.
   *
   * @throws Failure {@code INVALID} with the place and the error when it is anything else
   */
  public static ObjectNode readBody(byte[] body) {
    return readObject(
        "body",
        body,
        BODIES,
        at -> "line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()));
  }

  /** Returns the object on one line of a body, like {@link #readBody}. */
  public static ObjectNode readLine(byte[] line) {
    return readObject("line", line, LINES, at -> "column " + at.getColumnNr());
  }

  private static ObjectNode readObject(
      String what, byte[] bytes, JsonFactory factory, Function<JsonLocation, String> place) {
    try (JsonParser parser = factory.createParser(decodeUtf8(what, bytes))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Failure.invalidField("", "must be a JSON object");
      }
      ObjectNode object = readObject(parser);
      if (parser.nextToken() != null) {
        throw Failure.invalid("The %s continues after the end of its JSON object.".formatted(what));
      }
      return object;
    } catch (StreamConstraintsException e) {
      throw Failure.invalid(
          "The JSON exceeds a limit: %d levels of nesting, %,d characters in a name, or %d in a number."
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

  /** Jackson would also detect UTF-16 and UTF-32. JSON between systems is always UTF-8 (RFC 8259, 8.1). */
  private static String decodeUtf8(String what, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Failure.invalid("The %s is not valid UTF-8.".formatted(what));
    }
  }

  private static ObjectNode readObject(JsonParser parser) throws IOException {
    ObjectNode object = Json.object();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      if (!isUnicode(name)) {
        // The pointer is the object's, because a response cannot contain such a name either.
        throw notUnicode(parser.getParsingContext().pathAsPointer().head());
      }
      if (name.isEmpty()) {
        throw Failure.invalidField(place(parser), "a field's name must not be empty");
      }
      if (object.has(name)) {
        throw Failure.invalidField(place(parser), "appears twice");
      }
      parser.nextToken();
      object.set(name, readValue(parser));
    }
    return object;
  }

  private static ArrayNode readArray(JsonParser parser) throws IOException {
    ArrayNode array = Json.object().arrayNode();
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

  /** UTF-8 cannot encode half a surrogate pair: it would be stored as a question mark. */
  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static Failure notUnicode(JsonPointer place) {
    return Failure.invalidField(
        place.toString(), "contains half of a surrogate pair, which is not a Unicode character");
  }

  private static JsonNode readNumber(JsonParser parser) throws IOException {
    BigDecimal value = exact(parser.getText())
        .orElseThrow(
            () -> Failure.invalidField(
                place(parser),
                "cannot be stored exactly: at most 38 significant digits, from 1e-130 to 9.99e125; send it as a string"));
    return Json.number(value);
  }

  /** Parses a number that DynamoDB can store exactly. */
  private static Optional<BigDecimal> exact(String text) {
    if (ZERO.matcher(text).matches()) {
      return Optional.of(BigDecimal.ZERO);
    }
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
    long exponent = (long) value.precision() - value.scale() - 1;
    // The exponent first: stripping the zeros of 100e2147483647 overflows.
    boolean fits = exponent >= MIN_EXPONENT
        && exponent <= MAX_EXPONENT
        && value.stripTrailingZeros().precision() <= MAX_DIGITS;
    return fits ? Optional.of(value) : Optional.empty();
  }

  private static String place(JsonParser parser) {
    return parser.getParsingContext().pathAsPointer().toString();
  }
}
