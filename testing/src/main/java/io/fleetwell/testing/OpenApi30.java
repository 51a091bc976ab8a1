package io.fleetwell.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Rewrites the contract, which is OpenAPI 3.1, as OpenAPI 3.0. It knows what {@code openapi.yaml} uses of 3.1: {@code null} as a
 * type, members beside a {@code $ref}, roles in security requirements, and two members of {@code info}.
 */
public final class OpenApi30 {
  private static final String VERSION = "3.0.3";
  private static final String REF = "$ref";
  private static final String LICENSES = "https://spdx.org/licenses/";
  private static final String SCHEMAS = "#/components/schemas/";

  private final ObjectNode contract;

  private OpenApi30(ObjectNode contract) {
    this.contract = contract;
  }

  /** Writes the project's contract, as JSON, to the file that is named. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    Files.createDirectories(file.toAbsolutePath().getParent());
    ObjectNode contract = YamlFile.read(Project.FOLDER.resolve("openapi.yaml"));
    Files.writeString(file, of(contract).toPrettyString());
  }

  /** The same contract in OpenAPI 3.0. The argument is not changed. */
  static ObjectNode of(ObjectNode contract) {
    ObjectNode rewritten = new OpenApi30(contract).object(contract);
    rewritten.put("openapi", VERSION);
    ObjectNode info = (ObjectNode) rewritten.path("info");
    info.remove("summary");
    ObjectNode license = (ObjectNode) info.path("license");
    license.put("url", LICENSES + license.remove("identifier").asText() + ".html");
    return rewritten;
  }

  private JsonNode rewrite(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object(object);
    }
    ArrayNode array = contract.arrayNode();
    node.valueStream().map(this::rewrite).forEach(array::add);
    return node.isArray() ? array : node;
  }

  private ObjectNode object(ObjectNode node) {
    if (node.has(REF) && node.size() > 1) {
      return withoutReference(node);
    }
    ObjectNode rewritten = contract.objectNode();
    node.properties().forEach(member -> {
      String name = member.getKey();
      JsonNode value = member.getValue();
      if (name.equals("type") && value.isArray()) {
        setType(rewritten, (ArrayNode) value);
      } else if (name.equals("security")) {
        rewritten.set(name, withoutRoles(value));
      } else {
        rewritten.set(name, rewrite(value));
      }
    });
    return rewritten;
  }

  /** 3.0 ignores what is beside a reference. A schema refers by {@code allOf}; everything else is copied. */
  private ObjectNode withoutReference(ObjectNode node) {
    String reference = node.path(REF).asText();
    ObjectNode others = node.deepCopy();
    others.remove(REF);
    if (reference.startsWith(SCHEMAS)) {
      others.putArray("allOf").addObject().put(REF, reference);
      return object(others);
    }
    ObjectNode copy = contract.at(reference.substring(1)).deepCopy();
    return object(copy.setAll(others));
  }

  private static void setType(ObjectNode schema, ArrayNode types) {
    types
        .valueStream()
        .map(JsonNode::asText)
        .filter(type -> !type.equals("null"))
        .forEach(type -> schema.put("type", type));
    schema.put("nullable", true);
  }

  /** 3.0 allows roles only for OAuth 2.0. Alternatives that differ in their role alone become one. */
  private JsonNode withoutRoles(JsonNode alternatives) {
    ArrayNode schemes = contract.arrayNode();
    alternatives
        .valueStream()
        .flatMap(alternative -> alternative.properties().stream())
        .map(Map.Entry::getKey)
        .distinct()
        .forEach(scheme -> schemes.addObject().putArray(scheme));
    return schemes;
  }
}
