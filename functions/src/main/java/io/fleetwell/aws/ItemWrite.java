package io.fleetwell.aws;

import static io.fleetwell.aws.Attributes.number;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
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
    return item.isPresent()
        ? TransactWriteItem.builder().put(this::describePut).build()
        : TransactWriteItem.builder().delete(this::describeDelete).build();
  }

  private void describePut(Put.Builder put) {
    put.tableName(table).item(item.orElseThrow());
    put.conditionExpression(condition).expressionAttributeValues(conditionValues);
  }

  private void describeDelete(Delete.Builder delete) {
    delete.tableName(table).key(key);
    delete.conditionExpression(condition).expressionAttributeValues(conditionValues);
  }
}
