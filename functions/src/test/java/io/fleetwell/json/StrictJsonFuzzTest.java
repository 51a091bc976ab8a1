package io.fleetwell.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Attributes;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.testing.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class StrictJsonFuzzTest {
  /** DynamoDB's limit for numbers (Developer Guide, "Number"). */
  private static final int MAX_DIGITS = 38;

  private static final JsonFactory LIBRARY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  @FuzzTest
  void acceptedJsonIsPreservedExactly(byte[] body) throws IOException {
    Optional<ObjectNode> accepted =
        Verdict.of(() -> StrictJson.readBody(body), FailureKind.INVALID);
    if (accepted.isEmpty()) {
      return;
    }
    ObjectNode object = accepted.get();
    String text = Json.text(object);
    assertThat(depth(object)).isLessThanOrEqualTo(StrictJson.MAX_DEPTH);
    assertThat(tokens(text, number -> number))
        .isEqualTo(
            tokens(new String(body, StandardCharsets.UTF_8), StrictJsonFuzzTest::asAnswered));
    assertThat(Json.text(StrictJson.readBody(text.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(text);
    assertThat(Json.text(stored(object))).isEqualTo(Json.text(sorted(object)));
  }

  /** All tokens in their order. Numbers are texts, as no type of the library has all of them. */
  private static List<String> tokens(String json, UnaryOperator<String> number) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = LIBRARY.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        String text = parser.getText();
        tokens.add(token + " " + (token.isNumeric() ? number.apply(text) : text));
      }
    }
    return tokens.stream().map(it -> it.replace("_FLOAT ", "_INT ")).toList();
  }

  /** An integer with all its digits and without a sign of zero, or a fraction with the digits that it has. */
  private static String asAnswered(String number) {
    if (!number.split("[eE]", 2)[0].matches(".*[1-9].*")) {
      return "0";
    }
    BigDecimal value = new BigDecimal(number);
    BigDecimal shortest = value.stripTrailingZeros();
    return shortest.scale() <= 0 ? shortest.toPlainString() : value.toString();
  }

  private static int depth(JsonNode node) {
    return node.isContainerNode()
        ? 1 + node.valueStream().mapToInt(StrictJsonFuzzTest::depth).max().orElse(0)
        : 0;
  }

  /** The tree as the store returns it, without an order of fields. */
  private static ObjectNode stored(ObjectNode object) {
    return Attributes.toJson(asDynamoDbGivesIt(Attributes.ofJson(object).m()));
  }

  private static Map<String, AttributeValue> asDynamoDbGivesIt(Map<String, AttributeValue> map) {
    return map.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, it -> asDynamoDbGivesIt(it.getValue())));
  }

  /** The store returns a number's value, but not its notation. */
  private static AttributeValue asDynamoDbGivesIt(AttributeValue value) {
    return switch (value.type()) {
      case M -> AttributeValue.fromM(asDynamoDbGivesIt(value.m()));
      case L ->
        AttributeValue.fromL(
            value.l().stream().map(StrictJsonFuzzTest::asDynamoDbGivesIt).toList());
      case N -> {
        BigDecimal number = new BigDecimal(value.n()).stripTrailingZeros();
        assertThat(number.precision()).isLessThanOrEqualTo(MAX_DIGITS);
        assertThat(number.signum() == 0 ? 0 : number.precision() - number.scale() - 1)
            .isBetween(-130, 125);
        yield AttributeValue.fromN(number.toPlainString());
      }
      default -> value;
    };
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      TreeMap<String, JsonNode> fields = new TreeMap<>();
      object.properties().forEach(it -> fields.put(it.getKey(), sorted(it.getValue())));
      return JsonNodeFactory.instance.objectNode().setAll(fields);
    }
    if (node instanceof ArrayNode array) {
      ArrayNode elements = JsonNodeFactory.instance.arrayNode();
      array.forEach(it -> elements.add(sorted(it)));
      return elements;
    }
    return node;
  }
}
