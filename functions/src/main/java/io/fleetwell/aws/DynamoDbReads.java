package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
   * Returns the items that exist for a few keys, by table and in no order. DynamoDB may leave some of them for a further
   * call.
   */
  public Map<String, List<Map<String, AttributeValue>>> batchGet(
      Map<String, List<Map<String, AttributeValue>>> keysByTable) {
    return batchGetAll(keysByTable.entrySet().stream()
        .filter(table -> !table.getValue().isEmpty())
        .collect(Collectors.toMap(Map.Entry::getKey, table -> consistent(table.getValue()))));
  }

  /**
   * Returns some attributes of the items that exist for the keys, in no order.
   *
   * @param keys 1 to 100 different keys
   * @param attributes no reserved words
   */
  public List<Map<String, AttributeValue>> batchGet(
      String table, List<Map<String, AttributeValue>> keys, List<String> attributes) {
    KeysAndAttributes some = consistent(keys).toBuilder()
        .projectionExpression(String.join(", ", attributes))
        .build();
    return batchGetAll(Map.of(table, some)).getOrDefault(table, List.of());
  }

  private Map<String, List<Map<String, AttributeValue>>> batchGetAll(
      Map<String, KeysAndAttributes> all) {
    Map<String, List<Map<String, AttributeValue>>> found = new HashMap<>();
    Map<String, KeysAndAttributes> left = all;
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

  /**
   * The items of the first of many keys.
   *
   * @param keys how many of the keys were read
   * @param items those that exist, in no order; there may be items of later keys too
   */
  public record Slice(int keys, List<Map<String, AttributeValue>> items) {}

  /**
   * Reads the items of the first keys: of all keys, unless their items are too large to be read at once.
   *
   * @param keys 1 to 100 different keys
   */
  public Slice readFirst(String table, List<Map<String, AttributeValue>> keys) {
    int count = keys.size();
    while (count > 1) {
      try {
        Slice slice = readOnce(table, keys.subList(0, count));
        if (slice.keys() > 0) {
          return slice;
        }
        count /= 8;
      } catch (OversizedBatchException e) {
        count = e.fewer(count);
      } catch (Failure e) {
        // Large items may be why there was no answer in time.
        count /= 8;
      }
    }
    List<Map<String, AttributeValue>> first = keys.subList(0, 1);
    return new Slice(1, batchGet(Map.of(table, first)).getOrDefault(table, List.of()));
  }

  /** Reads what DynamoDB returns in one call, which may be of no key at all. */
  private Slice readOnce(String table, List<Map<String, AttributeValue>> keys) {
    Map<String, KeysAndAttributes> asked = Map.of(table, consistent(keys));
    BatchGetItemResponse response =
        AwsCalls.run(() -> dynamoDb.batchGetItem(request -> request.requestItems(asked)));
    KeysAndAttributes left = response.unprocessedKeys().get(table);
    int read = left == null ? keys.size() : indexOfFirst(left.keys(), keys);
    return new Slice(read, response.responses().getOrDefault(table, List.of()));
  }

  private static int indexOfFirst(
      List<Map<String, AttributeValue>> wanted, List<Map<String, AttributeValue>> keys) {
    Set<Map<String, AttributeValue>> some = Set.copyOf(wanted);
    return (int) keys.stream().takeWhile(key -> !some.contains(key)).count();
  }

  private static KeysAndAttributes consistent(List<Map<String, AttributeValue>> keys) {
    return KeysAndAttributes.builder().keys(keys).consistentRead(true).build();
  }
}
