package io.fleetwell.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalSystem;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of the running system, which a test reads and changes as another release could. */
public final class StoredItems {
  private final Aws aws;

  public StoredItems(Aws aws) {
    this.aws = aws;
  }

  public StoredItems(LocalSystem system) {
    this(new Aws(system.environment(), Clock.systemUTC()));
  }

  /**
   * The key of an item.
   *
   * @param table the variable with the table's name
   */
  public record ItemKey(String table, Map<String, String> names) {
    Map<String, AttributeValue> attributes() {
      return names.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, it -> AttributeValue.fromS(it.getValue())));
    }
  }

  public static ItemKey device(String deviceId) {
    return new ItemKey("DEVICES_TABLE", Map.of("deviceid", deviceId));
  }

  public static ItemKey registration(String userId, String deviceId) {
    return new ItemKey("USER_DEVICES_TABLE", Map.of("userid", userId, "deviceid", deviceId));
  }

  public static ItemKey key(String deviceId, String keyId) {
    return new ItemKey("DEVICE_KEYS_TABLE", Map.of("deviceid", deviceId, "kid", keyId));
  }

  public static ItemKey attempts(String subject) {
    return new ItemKey("CLAIM_ATTEMPTS_TABLE", Map.of("subject", subject));
  }

  public static ItemKey uploads(String deviceId, String day) {
    return new ItemKey("UPLOAD_COUNTS_TABLE", Map.of("deviceid", deviceId, "day", day));
  }

  public static ItemKey history(String deviceId, String position) {
    return new ItemKey("HISTORY_TABLE", Map.of("deviceid", deviceId, "position", position));
  }

  public Map<String, AttributeValue> get(ItemKey key) {
    return aws.dynamoDb()
        .getItem(get -> get.tableName(table(key)).key(key.attributes()).consistentRead(true))
        .item();
  }

  /** Sets an attribute of an item that exists. */
  public void set(ItemKey key, String attribute, AttributeValue value) {
    aws.dynamoDb()
        .updateItem(update -> update
            .tableName(table(key))
            .key(key.attributes())
            .updateExpression("SET #attribute = :value")
            .conditionExpression("attribute_exists(#key)")
            .expressionAttributeNames(Map.of(
                "#attribute", attribute, "#key", key.names().keySet().iterator().next()))
            .expressionAttributeValues(Map.of(":value", value)));
  }

  public void remove(ItemKey key, String attribute) {
    aws.dynamoDb()
        .updateItem(update -> update
            .tableName(table(key))
            .key(key.attributes())
            .updateExpression("REMOVE #attribute")
            .expressionAttributeNames(Map.of("#attribute", attribute)));
  }

  public void delete(ItemKey key) {
    aws.dynamoDb().deleteItem(delete -> delete.tableName(table(key)).key(key.attributes()));
  }

  /** Copies the entry of an event in a device's history to another position, with other values for some attributes. */
  public void copyHistory(
      String deviceId, String event, String position, Map<String, AttributeValue> others) {
    String table = aws.environment().text("HISTORY_TABLE");
    Map<String, AttributeValue> copy = new HashMap<>(aws
        .dynamoDb()
        .query(query -> query
            .tableName(table)
            .keyConditionExpression("deviceid = :device")
            .expressionAttributeValues(Map.of(":device", AttributeValue.fromS(deviceId))))
        .items()
        .stream()
        .filter(item -> AttributeValue.fromS(event).equals(item.get("what")))
        .findFirst()
        .orElseThrow());
    copy.put("position", AttributeValue.fromS(position));
    copy.putAll(others);
    aws.dynamoDb().putItem(put -> put.tableName(table).item(copy));
  }

  /** How many items, and their bytes as DynamoDB counts them. */
  public record Size(int items, long bytes) {}

  /**
   * The size of all items of which a text contains this one.
   *
   * @param table the variable with the table's name
   */
  public Size containing(String table, String text) {
    List<Map<String, AttributeValue>> found = aws
        .dynamoDb()
        .scanPaginator(scan -> scan.tableName(aws.environment().text(table)))
        .items()
        .stream()
        .filter(item -> item.values().stream().anyMatch(it -> it.toString().contains(text)))
        .toList();
    return new Size(found.size(), found.stream().mapToLong(StoredItems::bytes).sum());
  }

  private static long bytes(Map<String, AttributeValue> map) {
    return map.entrySet().stream()
        .mapToLong(it -> it.getKey().getBytes(UTF_8).length + bytes(it.getValue()))
        .sum();
  }

  /** Numbers take about a byte for two digits; each element of a map or list one more. */
  private static long bytes(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s().getBytes(UTF_8).length;
      case N -> value.n().length() / 2 + 1;
      case B -> value.b().asByteArrayUnsafe().length;
      case SS -> value.ss().stream().mapToLong(it -> it.getBytes(UTF_8).length).sum();
      case M -> 3 + value.m().size() + bytes(value.m());
      case L -> 3 + value.l().stream().mapToLong(it -> 1 + bytes(it)).sum();
      default -> 1;
    };
  }

  private String table(ItemKey key) {
    return aws.environment().text(key.table());
  }
}
