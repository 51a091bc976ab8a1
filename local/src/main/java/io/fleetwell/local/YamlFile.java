package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads a YAML file as JSON. CloudFormation's short forms become long ones: {@code !Ref X} is {@code {"Ref": "X"}}. */
public final class YamlFile {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private YamlFile() {}

  /**
   * Reads the object in a file.
   *
   * @throws CannotStartException when there is none
   */
  public static ObjectNode read(Path file) {
    try {
      Node root = new Compose(LoadSettings.builder().setLabel(file.toString()).build())
          .composeString(Files.readString(file))
          .orElseThrow(() -> new CannotStartException(file + " is empty."));
      if (toJson(root) instanceof ObjectNode object) {
        return object;
      }
      throw new CannotStartException(file + " is not a YAML object.");
    } catch (IOException e) {
      throw new CannotStartException("Cannot read " + file + ".", e);
    } catch (YamlEngineException e) {
      throw new CannotStartException("%s is not YAML: %s".formatted(file, firstLine(e)), e);
    }
  }

  private static String firstLine(YamlEngineException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static JsonNode toJson(Node node) {
    String tag = node.getTag().getValue();
    if (!tag.startsWith("!")) {
      return plain(node);
    }
    String function = tag.substring(1);
    ObjectNode written = NODES.objectNode();
    if (function.equals("Ref") || function.equals("Condition")) {
      return written.set(function, plain(node));
    }
    return written.set(
        "Fn::" + function, function.equals("GetAtt") ? resourceAndAttribute(node) : plain(node));
  }

  /** {@code !GetAtt Table.Arn} is short for a list of two. */
  private static JsonNode resourceAndAttribute(Node node) {
    JsonNode value = plain(node);
    if (!value.isTextual()) {
      return value;
    }
    ArrayNode list = NODES.arrayNode();
    List.of(value.textValue().split("\\.", 2)).forEach(list::add);
    return list;
  }

  private static JsonNode plain(Node node) {
    if (node instanceof MappingNode mapping) {
      ObjectNode object = NODES.objectNode();
      for (NodeTuple field : mapping.getValue()) {
        String name = ((ScalarNode) field.getKeyNode()).getValue();
        if (object.has(name)) {
          throw new CannotStartException("The field %s appears twice.".formatted(name));
        }
        object.set(name, toJson(field.getValueNode()));
      }
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = NODES.arrayNode();
      sequence.getValue().forEach(element -> array.add(toJson(element)));
      return array;
    }
    return scalar((ScalarNode) node);
  }

  private static JsonNode scalar(ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return NODES.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      return NODES.booleanNode(Boolean.parseBoolean(text));
    }
    if (tag.equals(Tag.INT)) {
      return NODES.numberNode(Long.parseLong(text));
    }
    if (tag.equals(Tag.FLOAT)) {
      return NODES.numberNode(new BigDecimal(text));
    }
    return NODES.textNode(text);
  }
}
