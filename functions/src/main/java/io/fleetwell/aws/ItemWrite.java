package io.fleetwell.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The write of one item.
 *
 * @param item the new item; empty to delete it
 * @param condition a condition on the present item; null for none
 * @param conditionValues null for none, because DynamoDB refuses an empty map of values
 */
public record ItemWrite(
    String table,
    Map<String, AttributeValue> key,
    Optional<Map<String, AttributeValue>> item,
    @Nullable String condition,
    @Nullable Map<String, AttributeValue> conditionValues) {
  /** Counts the changes of an item, from 1. */
  public static final String VERSION = "version";

  /** The time of an item's last change, in milliseconds since 1970. */
  public static final String UPDATED = "updated";

  /**
   * Writes on the condition that nobody else changed the item. The versions of an item that was deleted start again, so its
   * time counts too.
   *
   * @param present the item that was read; empty if there was none
   */
  public static ItemWrite ifUnchanged(
      String table,
      Map<String, AttributeValue> key,
      Optional<Map<String, AttributeValue>> item,
      Optional<Map<String, AttributeValue>> present) {
    List<String> conditions = new ArrayList<>();
    Map<String, AttributeValue> values = new HashMap<>();
    for (String attribute : List.of(VERSION, UPDATED)) {
      AttributeValue value = present.map(it -> it.get(attribute)).orElse(null);
      if (value == null) {
        conditions.add("attribute_not_exists(%s)".formatted(attribute));
      } else {
        conditions.add("%1$s = :%1$s".formatted(attribute));
        values.put(":" + attribute, value);
      }
    }
    String condition = String.join(" AND ", conditions);
    return new ItemWrite(table, key, item, condition, values.isEmpty() ? null : values);
  }

  /** Writes on the condition that there is no item, which has no attribute of its key. */
  public static ItemWrite ifAbsent(
      String table,
      Map<String, AttributeValue> key,
      Map<String, AttributeValue> item,
      String keyAttribute) {
    return new ItemWrite(
        table, key, Optional.of(item), "attribute_not_exists(%s)".formatted(keyAttribute), null);
  }

  /** Deletes an item that has this value in an attribute. */
  public static ItemWrite deletion(
      String table, Map<String, AttributeValue> key, String attribute, AttributeValue value) {
    return new ItemWrite(
        table, key, Optional.empty(), "%s = :value".formatted(attribute), Map.of(":value", value));
  }

  public static ItemWrite always(
      String table, Map<String, AttributeValue> key, Optional<Map<String, AttributeValue>> item) {
    return new ItemWrite(table, key, item, null, null);
  }

  TransactWriteItem inTransaction() {
    TransactWriteItem.Builder write = TransactWriteItem.builder();
    if (item.isPresent()) {
      write.put(put -> put.tableName(table)
          .item(item.get())
          .conditionExpression(condition)
          .expressionAttributeValues(conditionValues));
    } else {
      write.delete(delete -> delete
          .tableName(table)
          .key(key)
          .conditionExpression(condition)
          .expressionAttributeValues(conditionValues));
    }
    return write.build();
  }
}
