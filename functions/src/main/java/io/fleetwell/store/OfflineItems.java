package io.fleetwell.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * As much of DynamoDB as a rehearsal needs: items that were put, and are found by their keys and by any query of their
 * table. No condition is looked at, and nothing is changed or deleted.
 */
public final class OfflineItems {
  private final Map<String, List<JsonNode>> tables = new HashMap<>();

  /**
   * Answers a call.
   *
   * @param request in DynamoDB's JSON, as is the answer
   * @param keepsPuts whether items are added that it puts
   */
  ObjectNode answer(String operation, JsonNode request, boolean keepsPuts) {
    if (keepsPuts) {
      puts(operation, request).forEach(this::add);
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    switch (operation) {
      case "GetItem" ->
        of(request)
            .filter(item -> hasKey(item, request.path("Key")))
            .forEach(item -> answer.set("Item", item));
      case "BatchGetItem" -> addAll(request.path("RequestItems"), answer.putObject("Responses"));
      case "Query" -> of(request).forEach(answer.putArray("Items")::add);
      default -> {}
    }
    return answer;
  }

  private static Stream<JsonNode> puts(String operation, JsonNode request) {
    return switch (operation) {
      case "PutItem" -> Stream.of(request);
      case "TransactWriteItems" ->
        request
            .path("TransactItems")
            .valueStream()
            .map(part -> part.path("Put"))
            .filter(JsonNode::isObject);
      default -> Stream.empty();
    };
  }

  private void add(JsonNode put) {
    tables
        .computeIfAbsent(put.path("TableName").asText(), table -> new ArrayList<>())
        .add(put.path("Item"));
  }

  private Stream<JsonNode> of(JsonNode request) {
    return items(request.path("TableName").asText());
  }

  private Stream<JsonNode> items(String table) {
    return tables.getOrDefault(table, List.of()).stream();
  }

  private static boolean hasKey(JsonNode item, JsonNode key) {
    return key.properties().stream()
        .allMatch(part -> part.getValue().equals(item.path(part.getKey())));
  }

  private void addAll(JsonNode requested, ObjectNode responses) {
    for (Map.Entry<String, JsonNode> table : requested.properties()) {
      JsonNode keys = table.getValue().path("Keys");
      items(table.getKey())
          .filter(item -> keys.valueStream().anyMatch(key -> hasKey(item, key)))
          .forEach(responses.putArray(table.getKey())::add);
    }
  }
}
