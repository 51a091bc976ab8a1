package io.fleetwell.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.YamlFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients may not rely on the absence of fields and words, and generators understand few keywords; tests are stricter. */
class StrictContractTest {
  private static final ObjectNode PUBLISHED = YamlFile.read(Project.FOLDER.resolve("openapi.yaml"));
  private static final OpenApiContract OPEN = OpenApiContract.of(PUBLISHED);
  private static final OpenApiContract STRICT = OpenApiContract.read();

  /** Keywords that generators refuse, misread or leave out. They are for strict.yaml. */
  private static final Set<String> NOT_FOR_GENERATORS = Set.of(
      "anyOf",
      "const",
      "contains",
      "contentMediaType",
      "dependentSchemas",
      "else",
      "if",
      "not",
      "oneOf",
      "patternProperties",
      "propertyNames",
      "then",
      "unevaluatedProperties");

  /** Types that the generated Swift uses by these names. A model of the same name does not compile beside them. */
  private static final List<String> FOUNDATION_OF_SWIFT = List.of(
      "Calendar",
      "Data",
      "Date",
      "Decimal",
      "Error",
      "Locale",
      "Result",
      "TimeZone",
      "URL",
      "UUID");

  /** An answer with a body, in JSON. */
  record Example(String route, int status, String type, JsonNode body) {
    boolean conformsTo(OpenApiContract contract) {
      return contract.violations(route, status, type, body).isEmpty();
    }

    Example with(JsonNode otherBody) {
      return new Example(route, status, type, otherBody);
    }

    /** The same with an unknown field, once in each object of the body. */
    List<Example> withUnknownField() {
      List<Example> changed = new ArrayList<>();
      int objects = objects(body).size();
      for (int i = 0; i < objects; i++) {
        JsonNode copy = body.deepCopy();
        objects(copy).get(i).put("unknown", "x");
        changed.add(with(copy));
      }
      return changed;
    }

    private static List<ObjectNode> objects(JsonNode node) {
      return Stream.concat(Stream.of(node), node.valueStream().flatMap(it -> objects(it).stream()))
          .filter(ObjectNode.class::isInstance)
          .map(ObjectNode.class::cast)
          .toList();
    }
  }

  static Stream<Example> examples() {
    return PUBLISHED.path("paths").properties().stream()
        .flatMap(path -> path.getValue().properties().stream()
            .flatMap(method -> examples(
                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                method.getValue().path("responses"))));
  }

  private static Stream<Example> examples(String route, JsonNode responses) {
    return responses.properties().stream()
        .flatMap(response -> resolve(response.getValue()).path("content").properties().stream()
            .filter(content -> content.getKey().endsWith("json") && !isLines(content.getKey()))
            .flatMap(content -> content
                .getValue()
                .path("examples")
                .valueStream()
                .map(example -> new Example(
                    route,
                    Integer.parseInt(response.getKey()),
                    content.getKey(),
                    resolve(example).path("value")))));
  }

  private static boolean isLines(String type) {
    return type.endsWith("ndjson");
  }

  private static JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? PUBLISHED.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static Example example(String route, int status) {
    return examples()
        .filter(it -> it.route().equals(route) && it.status() == status)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleConforms(Example example) {
    assertThat(example.conformsTo(OPEN)).isTrue();
    assertThat(example.conformsTo(STRICT)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void clientsMayMeetAnUnknownFieldInEveryObject(Example example) {
    assertThat(example.withUnknownField()).allMatch(it -> it.conformsTo(OPEN));
  }

  /** Without those of devices, because callers choose the fields of a device. */
  static Stream<Example> examplesWithoutDetails() {
    return examples()
        .filter(it -> !it.body().has("devices"))
        .filter(it -> !it.body().has("deviceid") || it.body().has("logid"));
  }

  @ParameterizedTest
  @MethodSource("examplesWithoutDetails")
  void noTestAcceptsAnUnknownField(Example example) {
    assertThat(example.withUnknownField()).noneMatch(it -> it.conformsTo(STRICT));
  }

  @ParameterizedTest
  @CsvSource({
    "GET /v1/devices/{deviceid}/history, 200, /history/1/event",
    "GET /v1/devices/{deviceid}/history, 200, /history/1/by/kind",
    "GET /v1/devices/{deviceid}/history, 200, /history/1/proof",
    "GET /v1/devices/{deviceid}/history, 200, /history/1/reason",
    "GET /v1/devices/{deviceid}/keys, 200, /keys/0/kty",
    "POST /v1/devices/{deviceid}/logs/{logtype}, 201, /by",
    "PUT /v1/user/devices/owner/{deviceid}, 409, /type",
    "DELETE /v1/firmware, 409, /type",
  })
  void clientsMayMeetAnUnknownWordThatNoTestAccepts(String route, int status, String pointer) {
    Example example = example(route, status);
    int last = pointer.lastIndexOf('/');
    JsonNode body = example.body().deepCopy();
    ((ObjectNode) body.at(pointer.substring(0, last))).put(pointer.substring(last + 1), "unknown");
    Example changed = example.with(body);
    assertThat(changed.conformsTo(OPEN)).isTrue();
    assertThat(changed.conformsTo(STRICT)).isFalse();
  }

  @Test
  void aProblemHasTheKindAndTheStatusOfAnExample() {
    Example owned = example("PUT /v1/user/devices/owner/{deviceid}", 409);
    JsonNode stale = example("PUT /v1/user/devices/owner/{deviceid}", 412).body();
    assertThat(owned.with(stale).conformsTo(STRICT)).isFalse();
    ObjectNode otherStatus = owned.body().deepCopy();
    assertThat(owned.with(otherStatus.put("status", 400)).conformsTo(STRICT)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "PUT /v1/user/devices/owner/{deviceid}, 409, yours",
    "GET /v1/devices, 409, ids",
    "POST /v1/firmware, 409, id",
    "POST /v1/devices/{deviceid}/logs/{logtype}, 422, rule",
  })
  void aKindOfProblemHasItsMember(String route, int status, String member) {
    Example example = example(route, status);
    ObjectNode without = example.body().deepCopy();
    without.remove(member);
    assertThat(example.with(without).conformsTo(STRICT)).isFalse();

    Example other = example("PUT /v1/devices/{deviceid}", 412);
    ObjectNode with = other.body().deepCopy();
    with.set(member, example.body().path(member));
    assertThat(other.with(with).conformsTo(STRICT)).isFalse();
  }

  @Test
  void aGatewaysMessageIsThatOfAnExample() {
    Example example = new Example(
        "GET /v1/devices", 401, "application/json", Api.json("{'message':'Unauthorized'}"));
    assertThat(example.conformsTo(STRICT)).isTrue();
    assertThat(example.with(Api.json("{'message':'Forbidden'}")).conformsTo(STRICT))
        .isFalse();
  }

  /** Otherwise generated Python sends {@code null}, and Java an empty array, for a field that was not set. */
  @Test
  void aMergePatchHasNoNullsAndNoArrays() {
    assertThat(types("#/components/schemas/DevicePatch"))
        .containsOnly("string", "integer", "boolean", "object");
  }

  /** The types in a schema and in those to which it refers. */
  private static Stream<String> types(String reference) {
    JsonNode schema = PUBLISHED.at(reference.substring(1));
    return Stream.concat(
        schema.findValues("type").stream().map(JsonNode::asText),
        schema.findValuesAsText("$ref").stream().flatMap(StrictContractTest::types));
  }

  @Test
  void theListOfProblemsHasTheKindsOfAllExamples() {
    String description = PUBLISHED.at("/info/description").asText();
    assertThat(examples())
        .filteredOn(example -> example.type().equals("application/problem+json"))
        .allSatisfy(example -> assertThat(description)
            .contains("| `%s` | "
                .formatted(
                    example.body().path("type").asText().replace("urn:fleetwell:problem:", ""))));
  }

  @Test
  void generatorsUnderstandEveryKeyword() {
    assertThat(PUBLISHED.path("components").path("schemas").properties())
        .allSatisfy(schema -> assertThat(NOT_FOR_GENERATORS)
            .noneMatch(keyword -> schema.getValue().findValue(keyword) != null));
  }

  /** Generators would name an object inside another one themselves. */
  @Test
  void noSchemaHidesATypeThatGeneratedSwiftUses() {
    assertThat(PUBLISHED.at("/components/schemas").fieldNames())
        .toIterable()
        .doesNotContainAnyElementsOf(FOUNDATION_OF_SWIFT);
  }

  @Test
  void everyObjectHasAName() {
    for (Map.Entry<String, JsonNode> schema :
        PUBLISHED.path("components").path("schemas").properties()) {
      assertThat(schema.getValue().findValues("properties").stream().flatMap(JsonNode::valueStream))
          .as(schema.getKey())
          .noneMatch(property -> property.has("properties"));
    }
  }
}
