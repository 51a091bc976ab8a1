package io.fleetwell.device;

import static io.fleetwell.aws.Attributes.longOf;
import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.aws.Backoff;
import io.fleetwell.aws.CountChange;
import io.fleetwell.ids.UtcDay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The table of what each user did of late and may do only so often: enter codes and claim devices. DynamoDB deletes an item some time after it expires.
 *
 * <p>A user has one item with their attempts of an hour, and one for each device. Attempts are kept as a set of their ids, so
 * a call that the SDK repeats after a lost answer changes nothing. An item has at most 20 of them.
 *
 * <p>A user also has an item for each device and day with the number of their claims.
 */
public final class DynamoDbClaimAttempts implements ClaimAttempts {
  /** The partition key: a prefix, and the ids of device and user. No device's id contains {@code #}. */
  private static final String SUBJECT = "subject";

  private static final String OF_USER = "attempts#%s";
  private static final String OF_USER_FOR_DEVICE = "attempts-for#%s#%s";
  private static final String CLAIMS = "claims#%s#%s#%s";

  /** The ids of attempts whose codes were wrong or are being compared. */
  private static final String ATTEMPTS = "attempts";

  /** The number of claims that succeeded. */
  private static final String COUNT = "count";

  /** The end of the hour or day in seconds since 1970, the unit of DynamoDB's time to live. */
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

  /** Returns the change that counts a claim in the transaction that makes it. */
  CountChange countOf(String deviceId, String userId, UtcDay day) {
    String subject = CLAIMS.formatted(day, deviceId, userId);
    return new CountChange(
        table, keyOf(subject), COUNT, 1, MAX_CLAIMS_A_DAY, Optional.of(day.end()));
  }

  @Override
  public Optional<Duration> take(Attempt attempt, Instant now) {
    // The device first: a user without attempts for it must not use up those for others, even for a
    // moment.
    Optional<Duration> wait = take(ofUserForDevice(attempt), MAX_FOR_DEVICE, attempt.id(), now);
    if (wait.isPresent()) {
      return wait;
    }
    wait = take(ofUser(attempt), MAX_BY_USER, attempt.id(), now);
    if (wait.isPresent()) {
      giveBack(ofUserForDevice(attempt), attempt.id());
    }
    return wait;
  }

  @Override
  public void giveBack(Attempt attempt) {
    giveBack(ofUserForDevice(attempt), attempt.id());
    giveBack(ofUser(attempt), attempt.id());
  }

  private static String ofUser(Attempt attempt) {
    return OF_USER.formatted(attempt.userId());
  }

  private static String ofUserForDevice(Attempt attempt) {
    return OF_USER_FOR_DEVICE.formatted(attempt.deviceId(), attempt.userId());
  }

  private Optional<Duration> take(String subject, int max, String id, Instant now) {
    Backoff backoff = new Backoff();
    while (true) {
      Optional<Map<String, AttributeValue>> full = add(subject, max, id, now);
      if (full.isEmpty()) {
        return Optional.empty();
      }
      Instant until = Instant.ofEpochSecond(longOf(full.get(), EXPIRES));
      if (until.isAfter(now)) {
        return Optional.of(Duration.between(now, until));
      }
      if (startHour(subject, id, now, full.get())) {
        return Optional.empty();
      }
      backoff.pause();
    }
  }

  /** Adds an attempt to those of the hour, or returns the item if it is full or its hour is over. */
  private Optional<Map<String, AttributeValue>> add(
      String subject, int max, String id, Instant now) {
    try {
      AwsCalls.run(() -> dynamoDb.updateItem(request -> request
          .tableName(table)
          .key(keyOf(subject))
          .updateExpression(
              "SET %1$s = if_not_exists(%1$s, :end) ADD %2$s :ids".formatted(EXPIRES, ATTEMPTS))
          .conditionExpression(
              "attribute_not_exists(%1$s) OR (%2$s > :now AND (size(%3$s) < :max OR contains(%3$s, :id)))"
                  .formatted(SUBJECT, EXPIRES, ATTEMPTS))
          .expressionAttributeValues(Map.of(
              ":end", number(endOfHour(now)),
              ":ids", setOf(id),
              ":id", text(id),
              ":now", number(now.getEpochSecond()),
              ":max", number(max)))
          .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
      return Optional.empty();
    } catch (ConditionalCheckFailedException e) {
      return Optional.of(e.item());
    }
  }

  /** Starts an hour with an attempt; false if another attempt has started one since the item was read. */
  private boolean startHour(
      String subject, String id, Instant now, Map<String, AttributeValue> over) {
    return isMet(() -> dynamoDb.updateItem(request -> request
        .tableName(table)
        .key(keyOf(subject))
        .updateExpression("SET %s = :ids, %s = :end".formatted(ATTEMPTS, EXPIRES))
        .conditionExpression("attribute_not_exists(%s) OR %s = :over".formatted(SUBJECT, EXPIRES))
        .expressionAttributeValues(Map.of(
            ":ids", setOf(id),
            ":end", number(endOfHour(now)),
            ":over", required(over, EXPIRES)))));
  }

  /** Giving back the last attempt deletes the item, so the next attempt starts a new hour. */
  private void giveBack(String subject, String id) {
    Backoff backoff = new Backoff();
    while (!deleteWithLast(subject, id) && !removeOneOfSeveral(subject, id)) {
      backoff.pause();
    }
  }

  /** Deletes the item if it has no other attempt. An item without this attempt is a success too. */
  private boolean deleteWithLast(String subject, String id) {
    try {
      AwsCalls.run(() -> dynamoDb.deleteItem(request -> request
          .tableName(table)
          .key(keyOf(subject))
          .conditionExpression(ATTEMPTS + " = :ids")
          .expressionAttributeValues(Map.of(":ids", setOf(id)))
          .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return !e.hasItem() || !required(e.item(), ATTEMPTS).ss().contains(id);
    }
  }

  private boolean removeOneOfSeveral(String subject, String id) {
    return isMet(() -> dynamoDb.updateItem(request -> request
        .tableName(table)
        .key(keyOf(subject))
        .updateExpression("DELETE %s :ids".formatted(ATTEMPTS))
        .conditionExpression("contains(%1$s, :id) AND size(%1$s) > :one".formatted(ATTEMPTS))
        .expressionAttributeValues(Map.of(":ids", setOf(id), ":id", text(id), ":one", number(1)))));
  }

  /** Makes a conditional write; false if its condition does not hold. */
  private static boolean isMet(Supplier<?> write) {
    try {
      AwsCalls.run(write);
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private static AttributeValue setOf(String id) {
    return AttributeValue.fromSs(List.of(id));
  }

  private static Map<String, AttributeValue> keyOf(String subject) {
    return Map.of(SUBJECT, text(subject));
  }

  private static long endOfHour(Instant now) {
    return now.plus(WINDOW).getEpochSecond();
  }
}
