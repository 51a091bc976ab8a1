package io.fleetwell.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class StrictJsonFuzzTest {
  /** DynamoDB's limit for numbers (Developer Guide, "Number"). */
  private static final int MAX_DIGITS = 38;

  /** Another way through the same library: it builds the tree itself, with every digit. */
  private static final JsonMapper LIBRARY = JsonMapper.builder()
      .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

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
    assertThat(text)
        .isEqualTo(Json.text(LIBRARY.readTree(new String(body, StandardCharsets.UTF_8))));
    assertThat(numbersIn(text)).isEqualTo(numbersIn(new String(body, StandardCharsets.UTF_8)));
    assertThat(Json.text(StrictJson.readBody(text.getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(text);
    assertThat(Json.text(stored(object))).isEqualTo(Json.text(sorted(object)));
  }

  /** All numbers with their signs, even of a zero, and with their digits after the point. */
  private static List<String> numbersIn(String json) throws IOException {
    List<String> numbers = new ArrayList<>();
    try (JsonParser parser = LIBRARY.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          String text = parser.getText();
          numbers.add((text.startsWith("-") ? "-" : "") + new BigDecimal(text).abs());
        }
      }
    }
    return numbers;
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
