package io.fleetwell.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * JSON text to trees and back, with Jackson's parser and generator and its trees, but without its mapper, which loads
 * 300 classes to find out how to bind what is never bound here: an eighth of a cold start. For the same reason nothing
 * may call {@link JsonNode#toString()}, which makes a mapper.
 */
public final class JsonText {
  /** Left to itself, it would write emoji in UTF-8 as escapes. */
  private static final JsonFactory FACTORY = JsonFactory.builder()
      .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
      .build();

  /** Enough for most answers to be written in one go. */
  private static final int USUAL_BYTES = 512;

  private JsonText() {}

  /**
   * The tree of a text that is trusted, as the gateway's events are: it is held to no limits but Jackson's own.
   *
   * @throws IOException when it cannot be read, or is no JSON
   */
  public static JsonNode read(InputStream in) throws IOException {
    return readWithout(Set.of(), in);
  }

  /**
   * As {@link #read}, without what nobody will look at.
   *
   * @param names of the members that are left out, in whichever object they are
   */
  public static JsonNode readWithout(Set<String> names, InputStream in) throws IOException {
    try (JsonParser parser = FACTORY.createParser(in)) {
      parser.nextToken();
      return value(parser, names);
    }
  }

  private static JsonNode value(JsonParser parser, Set<String> leftOut) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new JsonParseException(parser, "no JSON value");
    }
    return switch (token) {
      case START_OBJECT -> object(parser, leftOut);
      case START_ARRAY -> array(parser, leftOut);
      case VALUE_STRING -> TextNode.valueOf(parser.getText());
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> DecimalNode.valueOf(parser.getDecimalValue());
      case VALUE_TRUE -> BooleanNode.TRUE;
      case VALUE_FALSE -> BooleanNode.FALSE;
      case VALUE_NULL -> NullNode.instance;
      default -> throw new JsonParseException(parser, "no JSON value");
    };
  }

  /** By way of a BigInteger only where it takes one. */
  private static JsonNode integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> JsonNodeFactory.instance.numberNode(parser.getIntValue());
      case LONG -> JsonNodeFactory.instance.numberNode(parser.getLongValue());
      default -> integer(parser.getBigIntegerValue());
    };
  }

  private static ObjectNode object(JsonParser parser, Set<String> leftOut) throws IOException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (leftOut.contains(name)) {
        parser.skipChildren();
      } else {
        object.set(name, value(parser, leftOut));
      }
    }
    return object;
  }

  private static ArrayNode array(JsonParser parser, Set<String> leftOut) throws IOException {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser, leftOut));
    }
    return array;
  }

  /** The node for an integer, of the least size that holds it, so that equal numbers make equal nodes. */
  public static JsonNode integer(BigInteger value) {
    if (value.bitLength() < Integer.SIZE) {
      return JsonNodeFactory.instance.numberNode(value.intValueExact());
    }
    if (value.bitLength() < Long.SIZE) {
      return JsonNodeFactory.instance.numberNode(value.longValueExact());
    }
    return JsonNodeFactory.instance.numberNode(value);
  }

  /** The text of a tree: no escapes but the necessary, no spaces. */
  public static String of(JsonNode tree) {
    return written(tree).toString(StandardCharsets.UTF_8);
  }

  /** The text of a tree, in UTF-8. */
  public static byte[] bytesOf(JsonNode tree) {
    return written(tree).toByteArray();
  }

  private static ByteArrayOutputStream written(JsonNode tree) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
    try {
      write(tree, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out;
  }

  /** Writes text, in UTF-8, where no tree is needed; closing it closes what it was written to. */
  public static JsonGenerator generator(OutputStream out) throws IOException {
    return FACTORY.createGenerator(out);
  }

  /** Writes the text of a tree, in UTF-8, and closes what it was written to. */
  public static void write(JsonNode tree, OutputStream out) throws IOException {
    try (JsonGenerator generator = generator(out)) {
      write(tree, generator);
    }
  }

  private static void write(JsonNode node, JsonGenerator generator) throws IOException {
    switch (node.getNodeType()) {
      case OBJECT -> {
        generator.writeStartObject();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
          generator.writeFieldName(field.getKey());
          write(field.getValue(), generator);
        }
        generator.writeEndObject();
      }
      case ARRAY -> {
        generator.writeStartArray();
        for (JsonNode element : node) {
          write(element, generator);
        }
        generator.writeEndArray();
      }
      case STRING -> generator.writeString(node.textValue());
      case BOOLEAN -> generator.writeBoolean(node.booleanValue());
      case NULL -> generator.writeNull();
      case NUMBER -> writeNumber(node, generator);
      default -> throw new IllegalStateException("no JSON is a " + node.getNodeType());
    }
  }

  private static void writeNumber(JsonNode number, JsonGenerator generator) throws IOException {
    if (number.canConvertToLong() && number.isIntegralNumber()) {
      generator.writeNumber(number.longValue());
    } else if (number.isIntegralNumber()) {
      generator.writeNumber(number.bigIntegerValue());
    } else {
      generator.writeNumber(number.decimalValue());
    }
  }
}
