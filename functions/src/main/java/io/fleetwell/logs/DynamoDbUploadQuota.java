package io.fleetwell.logs;

import static io.fleetwell.store.Attributes.number;
import static io.fleetwell.store.Attributes.text;

import io.fleetwell.auth.Principal;
import io.fleetwell.store.Outages;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Counters in a table of DynamoDB, two items at most for each device and day, and one for each user and day, which go
 * when the day is over.
 */
public final class DynamoDbUploadQuota implements UploadQuota {
  /** The partition key: a device's id or, after a sign that no device's id has, a user's. */
  private static final String DEVICE_ID = "deviceid";

  private static final String USER = "#";

  /** The sort key: the date, and who sends. */
  private static final String DAY = "day";

  private final DynamoDbClient dynamoDb;
  private final String table;
  private final long perDay;

  /**
   * Counts in a table.
   *
   * @param perDay how many there are, of each of the kinds
   */
  public DynamoDbUploadQuota(DynamoDbClient dynamoDb, String table, long perDay) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.perDay = perDay;
  }

  @Override
  public Optional<Duration> take(String deviceId, Principal caller, Instant now) {
    List<Map<String, AttributeValue>> taken = new ArrayList<>();
    for (Map<String, AttributeValue> counter : countersOf(deviceId, caller, now)) {
      if (!take(counter, now)) {
        taken.forEach(it -> giveBack(it, now));
        return Optional.of(Duration.between(now, endOfDay(now)));
      }
      taken.add(counter);
    }
    return Optional.empty();
  }

  @Override
  public void giveBack(String deviceId, Principal caller, Instant taken) {
    countersOf(deviceId, caller, taken).forEach(counter -> giveBack(counter, taken));
  }

  /** A user's own comes first, so that nobody else ever misses what they take only to give it back. */
  private static List<Map<String, AttributeValue>> countersOf(
      String deviceId, Principal caller, Instant at) {
    if (caller.isDevice(deviceId)) {
      return List.of(keyOf(deviceId, at, "device"));
    }
    return Stream.concat(
            caller.userId().stream().map(user -> keyOf(USER + user, at, "user")),
            Stream.of(keyOf(deviceId, at, "people")))
        .toList();
  }

  private static Map<String, AttributeValue> keyOf(String id, Instant at, String sender) {
    return Map.of(DEVICE_ID, text(id), DAY, text(dayOf(at) + "#" + sender));
  }

  private boolean take(Map<String, AttributeValue> counter, Instant now) {
    try {
      // The attribute expires is in seconds since 1970, as DynamoDB's time to live wants it.
      Outages.call(() -> dynamoDb.updateItem(request -> request
          .tableName(table)
          .key(counter)
          .updateExpression("SET expires = :end ADD uploads :one")
          .conditionExpression("attribute_not_exists(uploads) OR uploads < :max")
          .expressionAttributeValues(Map.of(
              ":end",
              number(endOfDay(now).getEpochSecond()),
              ":one",
              number(1),
              ":max",
              number(perDay)))));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    }
  }

  private void giveBack(Map<String, AttributeValue> counter, Instant taken) {
    Outages.call(() -> dynamoDb.updateItem(request -> request
        .tableName(table)
        .key(counter)
        .updateExpression("SET expires = :end ADD uploads :back")
        .expressionAttributeValues(
            Map.of(":end", number(endOfDay(taken).getEpochSecond()), ":back", number(-1)))));
  }

  private static LocalDate dayOf(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private static Instant endOfDay(Instant at) {
    return dayOf(at).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
