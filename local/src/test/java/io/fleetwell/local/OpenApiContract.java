package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Holds answers against {@code openapi.yaml}: the status, the type, the headers that are promised, and the body. */
final class OpenApiContract {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");
  private static final String LOCATION = "https://contract.test/openapi.json";

  private final ObjectNode document;
  private final Routes<JsonNode> operations;
  private final JsonSchemaFactory schemas;
  private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>();

  private OpenApiContract(ObjectNode document) {
    this.document = document;
    Map<String, JsonNode> operations = new LinkedHashMap<>();
    routes(document).forEach(key -> operations.put(key, operation(document, key)));
    this.operations = Routes.of(operations);
    this.schemas = JsonSchemaFactory.getInstance(
        SpecVersion.VersionFlag.V202012,
        builder -> builder.schemaLoaders(
            loaders -> loaders.schemas(Map.of(LOCATION, document.toString()))));
  }

  static OpenApiContract read(Path file) {
    return new OpenApiContract(YamlFile.read(file));
  }

  /** Every route that the document describes, such as {@code GET /v1/devices}. */
  static Set<String> routes(ObjectNode document) {
    Set<String> routes = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
          if (METHODS.contains(method)) {
            routes.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
          }
        }));
    return routes;
  }

  /** What the document says of a route. */
  static JsonNode operation(ObjectNode document, String route) {
    int space = route.indexOf(' ');
    String method = route.substring(0, space).toLowerCase(java.util.Locale.ROOT);
    return document.path("paths").path(route.substring(space + 1)).path(method);
  }

  /**
   * Throws an error unless the document promises this answer. Routes that it does not know have the gateway's 404; what
   * is refused before any route is found (431) is not of the API.
   */
  void check(String method, String rawPath, HttpResponse<byte[]> response) throws IOException {
    Optional<Routes.Match<JsonNode>> operation = operations.find(method, rawPath);
    String what = "%s %s: %d".formatted(method, rawPath, response.statusCode());
    if (operation.isEmpty()) {
      require(
          Set.of(404, 431).contains(response.statusCode()),
          what + " from a route that is not described");
      return;
    }
    JsonNode answers = operation.get().target().path("responses");
    JsonNode answer = resolve(answers.path(String.valueOf(response.statusCode())));
    require(answer.isObject() || response.statusCode() == 431, what + " is not described");
    checkHeaders(what, answer, response);
    String type = response.headers().firstValue("content-type").orElse("");
    if (response.body().length == 0) {
      require(!answer.has("content"), what + " should have a body");
      return;
    }
    if (response.statusCode() == 431) {
      return;
    }
    JsonNode content = answer.path("content").path(type);
    require(content.isObject(), "%s of the type %s is not described".formatted(what, type));
    checkBody(what, operation.get().key(), response.statusCode(), type, response.body());
  }

  private void checkHeaders(String what, JsonNode answer, HttpResponse<byte[]> response) {
    for (Map.Entry<String, JsonNode> header : answer.path("headers").properties()) {
      boolean required = resolve(header.getValue()).path("required").asBoolean(false);
      require(
          !required || response.headers().firstValue(header.getKey()).isPresent(),
          "%s lacks the header %s".formatted(what, header.getKey()));
    }
  }

  private void checkBody(String what, String route, int status, String type, byte[] body)
      throws IOException {
    JsonSchema schema =
        compiled.computeIfAbsent(route + status + type, it -> schema(route, status, type));
    String text = new String(body, StandardCharsets.UTF_8);
    // Of lines of JSON the document describes one.
    List<String> values =
        type.equals("application/x-ndjson") ? text.lines().toList() : List.of(text);
    for (String value : values) {
      Set<ValidationMessage> messages = schema.validate(Api.JSON.readTree(value));
      require(
          messages.isEmpty(), "%s is not as described: %s\n%s".formatted(what, messages, value));
    }
  }

  private JsonSchema schema(String route, int status, String type) {
    JsonNode answers = operation(document, route).path("responses").path(String.valueOf(status));
    String place = answers.has("$ref")
        ? answers.path("$ref").asText().substring(1)
        : "/paths/" + step(route.substring(route.indexOf(' ') + 1)) + "/"
            + route.substring(0, route.indexOf(' ')).toLowerCase(java.util.Locale.ROOT)
            + "/responses/" + status;
    SchemaValidatorsConfig config =
        SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    String pointer = place + "/content/" + step(type) + "/schema";
    return schemas.getSchema(SchemaLocation.of(LOCATION + "#" + pointer), config);
  }

  private static String step(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }
}
