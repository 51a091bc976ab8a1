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

/** Consistent reads of several items in one call. */
public final class DynamoDbReads {
  private final DynamoDbClient dynamoDb;

  public DynamoDbReads(DynamoDbClient dynamoDb) {
    this.dynamoDb = dynamoDb;
  }

  /**
   * Returns the items that exist for the keys, by table and in no order. DynamoDB accepts at most 100 different keys in
   * all, and leaves some of them for a further call when the items are large.
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
      response
          .responses()
          .forEach((table, items) ->
              found.computeIfAbsent(table, it -> new ArrayList<>()).addAll(items));
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
