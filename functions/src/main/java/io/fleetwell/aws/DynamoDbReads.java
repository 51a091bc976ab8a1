package io.fleetwell.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** Consistent reads of several items of several tables in one call. */
public final class DynamoDbReads {
  private final DynamoDbClient dynamoDb;

  public DynamoDbReads(DynamoDbClient dynamoDb) {
    this.dynamoDb = dynamoDb;
  }

  /**
   * The items that there are under some keys, in no order, by table. DynamoDB takes at most 100 keys in all, each once,
   * and may leave some for a further call when they are large.
   */
  public Map<String, List<Map<String, AttributeValue>>> batchGet(
      Map<String, List<Map<String, AttributeValue>>> keysByTable) {
    Map<String, List<Map<String, AttributeValue>>> found = new HashMap<>();
    Map<String, KeysAndAttributes> left = keysByTable.entrySet().stream()
        .filter(table -> !table.getValue().isEmpty())
        .collect(Collectors.toMap(Map.Entry::getKey, table -> consistent(table.getValue())));
    Backoff backoff = new Backoff();
    while (!left.isEmpty()) {
      Map<String, KeysAndAttributes> asked = left;
      BatchGetItemResponse response =
          AwsCalls.run(() -> dynamoDb.batchGetItem(request -> request.requestItems(asked)));
      response.responses().forEach((table, items) -> found
          .computeIfAbsent(table, it -> new ArrayList<>())
          .addAll(items));
      left = response.unprocessedKeys();
      if (!left.isEmpty()) {
        backoff.pause();
      }
    }
    return found;
  }

  private static KeysAndAttributes consistent(List<Map<String, AttributeValue>> keys) {
    return KeysAndAttributes.builder().keys(keys).consistentRead(true).build();
  }
}
