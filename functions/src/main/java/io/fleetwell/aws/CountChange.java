package io.fleetwell.aws;

import static io.fleetwell.aws.Attributes.number;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * One more or one less in the attribute {@code count} of an item. The item need not exist; the count starts at 0.
 *
 * @param max the count's limit; empty for none
 */
public record CountChange(String table, Map<String, AttributeValue> key, int by, OptionalLong max) {

  public static CountChange oneMore(String table, Map<String, AttributeValue> key, long max) {
    return new CountChange(table, key, 1, OptionalLong.of(max));
  }

  public static CountChange oneLess(String table, Map<String, AttributeValue> key) {
    return new CountChange(table, key, -1, OptionalLong.empty());
  }

  TransactWriteItem inTransaction() {
    Map<String, AttributeValue> values = new HashMap<>(Map.of(":by", number(by)));
    max.ifPresent(most -> values.put(":max", number(most)));
    return TransactWriteItem.builder()
        .update(update -> update
            .tableName(table)
            .key(key)
            .updateExpression("ADD #count :by")
            .conditionExpression(
                max.isPresent() ? "attribute_not_exists(#count) OR #count < :max" : null)
            .expressionAttributeNames(Map.of("#count", "count"))
            .expressionAttributeValues(values))
        .build();
  }
}
