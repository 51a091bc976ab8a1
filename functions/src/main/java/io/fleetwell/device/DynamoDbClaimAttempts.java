package io.fleetwell.device;

import static io.fleetwell.aws.Attributes.longOf;
import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.aws.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Counters in a DynamoDB table: one item per device and per user with wrong codes in the last hour. */
public final class DynamoDbClaimAttempts implements ClaimAttempts {
  /** The partition key: a prefix and an id. */
  private static final String SUBJECT = "subject";

  private static final String DEVICE = "device#";
  private static final String USER = "user#";

  /** The number of codes that were wrong or are being compared. */
  private static final String TAKEN = "taken";

  /** The end of the hour in seconds since 1970, the unit of DynamoDB's time to live. */
  private static final String EXPIRES = "expires";

  private final DynamoDbClient dynamoDb;
  private final String table;

  private DynamoDbClaimAttempts(Aws aws) {
    this.dynamoDb = aws.dynamoDb();
    this.table = aws.environment().text("CLAIM_ATTEMPTS_TABLE");
  }

  public static DynamoDbClaimAttempts from(Aws aws) {
    return new DynamoDbClaimAttempts(aws);
  }

  @Override
  public Optional<Duration> take(String deviceId, String userId, Instant now) {
    // The user first: a user without attempts must not use up a device's, even for a moment.
    Optional<Duration> wait = take(USER + userId, MAX_BY_USER, now);
    if (wait.isPresent()) {
      return wait;
    }
    wait = take(DEVICE + deviceId, MAX_FOR_DEVICE, now);
    if (wait.isPresent()) {
      giveBack(USER + userId);
    }
    return wait;
  }

  @Override
  public void giveBack(String deviceId, String userId) {
    giveBack(DEVICE + deviceId);
    giveBack(USER + userId);
  }

  private Optional<Duration> take(String subject, int max, Instant now) {
    Backoff backoff = new Backoff();
    while (true) {
      Optional<Map<String, AttributeValue>> full = count(subject, max, now);
      if (full.isEmpty()) {
        return Optional.empty();
      }
      Instant until = Instant.ofEpochSecond(longOf(full.get(), EXPIRES));
      if (until.isAfter(now)) {
        return Optional.of(Duration.between(now, until));
      }
      if (restart(subject, now, full.get())) {
        return Optional.empty();
      }
      backoff.pause();
    }
  }

  /** Counts one more, or returns the counter if it is full or its hour is over. */
  private Optional<Map<String, AttributeValue>> count(String subject, int max, Instant now) {
    try {
      AwsCalls.run(() -> dynamoDb.updateItem(request -> request
          .tableName(table)
          .key(Map.of(SUBJECT, text(subject)))
          .updateExpression(
              "SET %1$s = if_not_exists(%1$s, :end) ADD %2$s :one".formatted(EXPIRES, TAKEN))
          .conditionExpression("attribute_not_exists(%s) OR (%s > :now AND %s < :max)"
              .formatted(SUBJECT, EXPIRES, TAKEN))
          .expressionAttributeValues(Map.of(
              ":end", number(endOf(now)),
              ":one", number(1),
              ":now", number(now.getEpochSecond()),
              ":max", number(max)))
          .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
      return Optional.empty();
    } catch (ConditionalCheckFailedException e) {
      return Optional.of(e.item());
    }
  }

  private boolean restart(String subject, Instant now, Map<String, AttributeValue> over) {
    return succeeds(() -> dynamoDb.putItem(request -> request
        .tableName(table)
        .item(Map.of(SUBJECT, text(subject), TAKEN, number(1), EXPIRES, number(endOf(now))))
        .conditionExpression("attribute_not_exists(%s) OR %s = :over".formatted(SUBJECT, EXPIRES))
        .expressionAttributeValues(Map.of(":over", required(over, EXPIRES)))));
  }

  /** Giving back the last attempt deletes the item, so the next attempt starts a new hour. */
  private void giveBack(String subject) {
    Backoff backoff = new Backoff();
    while (!countDown(subject) && !deleteLast(subject)) {
      backoff.pause();
    }
  }

  private boolean countDown(String subject) {
    return succeeds(() -> dynamoDb.updateItem(request -> request
        .tableName(table)
        .key(Map.of(SUBJECT, text(subject)))
        .updateExpression("ADD " + TAKEN + " :back")
        .conditionExpression(TAKEN + " > :last")
        .expressionAttributeValues(Map.of(":back", number(-1), ":last", number(1)))));
  }

  /** Deletes the item if its count is 1. A missing item is a success too. */
  private boolean deleteLast(String subject) {
    return succeeds(() -> dynamoDb.deleteItem(request -> request
        .tableName(table)
        .key(Map.of(SUBJECT, text(subject)))
        .conditionExpression("attribute_not_exists(%s) OR %s = :last".formatted(SUBJECT, TAKEN))
        .expressionAttributeValues(Map.of(":last", number(1)))));
  }

  /** Makes a conditional write; false if its condition does not hold. */
  private static boolean succeeds(Supplier<?> write) {
    try {
      AwsCalls.run(write);
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static long endOf(Instant now) {
    return now.plus(WINDOW).getEpochSecond();
  }
}
