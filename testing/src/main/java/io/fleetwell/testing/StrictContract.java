package io.fleetwell.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The contract as tests know it. {@code openapi.yaml} is open for extension, so an unknown field or word in an answer conforms
 * to it. In a test such an answer is a mistake, and {@code strict.yaml} says which fields, words and values there are.
 */
public final class StrictContract {
  private static final Path PATCH = Path.of("testing", "src", "main", "resources", "strict.yaml");

  /** Members whose values are those of an example of the answer, by the schemas that have them. */
  private static final Map<String, List<String>> AS_IN_AN_EXAMPLE = Map.of(
      "#/components/schemas/Problem", List.of("type", "status"),
      "#/components/schemas/GatewayMessage", List.of("message"));

  private StrictContract() {}

  /** Writes the contract, as JSON, to the file that is named. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), read().toString());
  }

  static ObjectNode read() {
    ObjectNode contract = merge(
        YamlFile.read(Project.FOLDER.resolve("openapi.yaml")),
        YamlFile.read(Project.FOLDER.resolve(PATCH)));
    contract.findValues("content").stream()
        .flatMap(JsonNode::valueStream)
        .forEach(body -> limitToExamples(contract, body));
    return contract;
  }

  /** A JSON merge patch (RFC 7396). */
  private static ObjectNode merge(ObjectNode target, ObjectNode patch) {
    ObjectNode merged = target.deepCopy();
    patch.properties().forEach(member -> {
      if (member.getValue().isNull()) {
        merged.remove(member.getKey());
      } else if (member.getValue() instanceof ObjectNode inner) {
        JsonNode old = merged.path(member.getKey());
        merged.set(
            member.getKey(),
            merge(old instanceof ObjectNode object ? object : merged.objectNode(), inner));
      } else {
        merged.set(member.getKey(), member.getValue());
      }
    });
    return merged;
  }

  private static void limitToExamples(ObjectNode contract, JsonNode body) {
    List<String> members = AS_IN_AN_EXAMPLE.get(body.path("schema").path("$ref").asText());
    if (members == null) {
      return;
    }
    ArrayNode alternatives = ((ObjectNode) body.path("schema")).putArray("anyOf");
    body.path("examples").valueStream().forEach(example -> {
      JsonNode value = resolve(contract, example).path("value");
      ObjectNode properties = alternatives.addObject().putObject("properties");
      members.forEach(member -> properties.putObject(member).set("const", value.path(member)));
    });
  }

  private static JsonNode resolve(ObjectNode contract, JsonNode node) {
    return node.has("$ref") ? contract.at(node.path("$ref").asText().substring(1)) : node;
  }
}
