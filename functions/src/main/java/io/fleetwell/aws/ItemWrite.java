package io.fleetwell.aws;

import static io.fleetwell.aws.Attributes.number;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * One item to be written.
 *
 * @param item what it becomes; empty to delete it
 * @param condition which must hold of the item that is there; null for none
 * @param conditionValues null for none, since DynamoDB refuses an empty map of values
 */
public record ItemWrite(
    String table,
    Map<String, AttributeValue> key,
    Optional<Map<String, AttributeValue>> item,
    @Nullable String condition,
    @Nullable Map<String, AttributeValue> conditionValues) {

  /**
   * On the condition that the item is as it was read.
   *
   * @param version the version that was read, its attribute {@code version}; empty if there was no item
   */
  public static ItemWrite ifUnchanged(
      String table,
      Map<String, AttributeValue> key,
      Optional<Map<String, AttributeValue>> item,
      Optional<Long> version) {
    return version.isPresent()
        ? new ItemWrite(
            table, key, item, "version = :version", Map.of(":version", number(version.get())))
        : new ItemWrite(table, key, item, "attribute_not_exists(version)", null);
  }

  /** Whatever is there. */
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
      write.delete(delete -> delete.tableName(table)
          .key(key)
          .conditionExpression(condition)
          .expressionAttributeValues(conditionValues));
    }
    return write.build();
  }
}
