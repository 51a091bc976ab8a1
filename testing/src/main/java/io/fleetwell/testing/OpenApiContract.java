package io.fleetwell.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.fleetwell.local.Routes;
import io.fleetwell.testing.Operation.Parameter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The contract in {@code openapi.yaml}, as strict as tests are. It lists the operations, so that a test of all of one kind misses none. It checks an
 * answer's status, content type, required headers and body.
 */
public final class OpenApiContract {
  private static final Set<String> METHODS = Set.of("get", "head", "put", "post", "delete");
  private static final String LOCATION = "https://contract.test/openapi.json";

  private final ObjectNode document;
  private final Map<String, Operation> operations;
  private final Routes<JsonNode> routes;
  private final JsonSchemaFactory schemas;
  private final Map<String, JsonSchema> compiled = new ConcurrentHashMap<>();

  private OpenApiContract(ObjectNode document) {
    this.document = document;
    Map<String, JsonNode> described = describedByRoute(document);
    this.routes = Routes.of(described);
    this.operations = new LinkedHashMap<>();
    described.forEach((route, description) -> {
      Operation operation = read(route, description);
      operations.put(operation.id(), operation);
    });
    this.schemas = JsonSchemaFactory.getInstance(
        SpecVersion.VersionFlag.V202012,
        builder -> builder.schemaLoaders(
            loaders -> loaders.schemas(Map.of(LOCATION, document.toString()))));
  }

  /** Reads the project's contract, with {@code strict.yaml}. */
  public static OpenApiContract read() {
    return of(StrictContract.read());
  }

  static OpenApiContract of(ObjectNode document) {
    return new OpenApiContract(document);
  }

  private static Map<String, JsonNode> describedByRoute(ObjectNode document) {
    Map<String, JsonNode> described = new TreeMap<>();
    document
        .path("paths")
        .properties()
        .forEach(path -> path.getValue().properties().forEach(method -> {
          if (METHODS.contains(method.getKey())) {
            String route = method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
            described.put(route, method.getValue());
          }
        }));
    return described;
  }

  private Operation read(String route, JsonNode description) {
    int space = route.indexOf(' ');
    String path = route.substring(space + 1);
    List<Parameter> parameters = Stream.concat(
            document.path("paths").path(path).path("parameters").valueStream(),
            description.path("parameters").valueStream())
        .map(parameter -> parameter(resolve(parameter)))
        .toList();
    Set<String> bodyTypes = new TreeSet<>();
    resolve(description.path("requestBody"))
        .path("content")
        .fieldNames()
        .forEachRemaining(bodyTypes::add);
    return new Operation(
        description.path("operationId").asText(),
        route.substring(0, space),
        path,
        texts(description.path("x-callers").valueStream()),
        texts(description
            .path("security")
            .valueStream()
            .flatMap(any -> any.path("bearer").valueStream())),
        parameters,
        bodyTypes);
  }

  private static Set<String> texts(Stream<JsonNode> nodes) {
    return nodes.map(JsonNode::asText).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Parameter parameter(JsonNode description) {
    return new Parameter(
        description.path("name").asText(),
        description.path("in").asText(),
        description.path("required").asBoolean(false),
        example(description));
  }

  private static String example(JsonNode parameter) {
    return Stream.concat(
            Stream.of(parameter.path("example")),
            parameter.path("examples").valueStream().map(it -> it.path("value")))
        .filter(JsonNode::isValueNode)
        .map(JsonNode::asText)
        .findFirst()
        .orElse("x");
  }

  /** All operations, by their routes. */
  public List<Operation> operations() {
    return operations(operation -> true);
  }

  /**
   * The operations that match.
   *
   * @throws IllegalStateException if none matches, since a test of none would prove nothing
   */
  public List<Operation> operations(Predicate<Operation> which) {
    List<Operation> fitting = operations.values().stream().filter(which).toList();
    if (fitting.isEmpty()) {
      throw new IllegalStateException("no operation of openapi.yaml matches");
    }
    return fitting;
  }

  /** The operation with an ID. */
  public Operation operation(String id) {
    return Optional.ofNullable(operations.get(id)).orElseThrow();
  }

  /** The operation that a call reaches; empty if there is none. */
  public Optional<Operation> find(String method, String rawPath) {
    return routes
        .find(method, rawPath)
        .map(match -> operation(match.target().path("operationId").asText()));
  }

  /**
   * Throws an error unless the contract describes this answer. On an unknown route the gateway answers 404. The gateway
   * answers 431 before it looks for a route, so the contract does not describe it.
   */
  public void check(String method, String rawPath, HttpResponse<byte[]> response)
      throws IOException {
    Optional<Routes.Match<JsonNode>> operation = routes.find(method, rawPath);
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
    String text = new String(body, StandardCharsets.UTF_8);
    // For lines of JSON, strict.yaml describes one line.
    List<String> values =
        type.equals("application/x-ndjson") ? text.lines().toList() : List.of(text);
    for (String value : values) {
      Set<ValidationMessage> messages = violations(route, status, type, Api.JSON.readTree(value));
      require(
          messages.isEmpty(), "%s is not as described: %s\n%s".formatted(what, messages, value));
    }
  }

  /** How a body, or a line of one, differs from what the contract describes; empty if it conforms. */
  Set<ValidationMessage> violations(String route, int status, String type, JsonNode body) {
    return compiled
        .computeIfAbsent(route + status + type, it -> schema(route, status, type))
        .validate(body);
  }

  private JsonSchema schema(String route, int status, String type) {
    int space = route.indexOf(' ');
    String inDocument = "/paths/%s/%s/responses/%d"
        .formatted(
            step(route.substring(space + 1)),
            route.substring(0, space).toLowerCase(Locale.ROOT),
            status);
    JsonNode answer = document.at(inDocument);
    String place = answer.has("$ref") ? answer.path("$ref").asText().substring(1) : inDocument;
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
