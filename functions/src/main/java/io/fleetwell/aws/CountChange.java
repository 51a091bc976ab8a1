package io.fleetwell.aws;

import static io.fleetwell.aws.Attributes.number;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Adds to a count, which is an attribute of an item. The item need not exist; the count starts at 0.
 *
 * @param amount what is added; below 0 to take away, which a count that is too small refuses
 * @param limit a count that has reached it cannot grow
 * @param expires when DynamoDB may delete the item, set as its attribute {@code expires}; empty to leave it
 */
public record CountChange(
    String table,
    Map<String, AttributeValue> key,
    String attribute,
    int amount,
    long limit,
    Optional<Instant> expires) {
  /** Seconds since 1970, the unit of DynamoDB's time to live. */
  private static final String EXPIRES = "expires";

  TransactWriteItem inTransaction() {
    Map<String, String> names = new HashMap<>(Map.of("#count", attribute));
    Map<String, AttributeValue> values = new HashMap<>(
        Map.of(":amount", number(amount), ":limit", number(amount > 0 ? limit : -amount)));
    expires.ifPresent(end -> {
      names.put("#expires", EXPIRES);
      values.put(":expires", number(end.getEpochSecond()));
    });
    return TransactWriteItem.builder()
        .update(update -> update
            .tableName(table)
            .key(key)
            .updateExpression(
                (expires.isPresent() ? "SET #expires = :expires " : "") + "ADD #count :amount")
            .conditionExpression(
                amount > 0 ? "attribute_not_exists(#count) OR #count < :limit" : "#count >= :limit")
            .expressionAttributeNames(names)
            .expressionAttributeValues(values))
        .build();
  }
}
