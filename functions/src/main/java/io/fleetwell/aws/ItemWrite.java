package io.fleetwell.aws;

import static io.fleetwell.aws.Attributes.number;

import java.time.Instant;
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
  /**
   * Writes on the condition that nobody else changed the item. The versions of an item that was deleted start again, so its
   * time counts too.
   *
   * @param version the attribute {@code version} that was read; empty if there was no item
   * @param updated the attribute {@code updated} that was read
   */
  public static ItemWrite ifUnchanged(
      String table,
      Map<String, AttributeValue> key,
      Optional<Map<String, AttributeValue>> item,
      Optional<Long> version,
      Optional<Instant> updated) {
    if (version.isEmpty()) {
      return new ItemWrite(table, key, item, "attribute_not_exists(version)", null);
    }
    return new ItemWrite(
        table,
        key,
        item,
        "version = :version AND updated = :updated",
        Map.of(":version", number(version.get()), ":updated", number(updated.orElseThrow())));
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
