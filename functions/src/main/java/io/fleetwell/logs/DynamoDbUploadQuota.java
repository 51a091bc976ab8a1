package io.fleetwell.logs;

import static io.fleetwell.store.Attributes.number;
import static io.fleetwell.store.Attributes.text;

import io.fleetwell.auth.Principal;
import io.fleetwell.store.Backoff;
import io.fleetwell.store.DynamoDbTransactions;
import io.fleetwell.store.Outages;
import io.fleetwell.store.RandomId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** Counters in a table of DynamoDB, two items at most for each device and day, which go when the day is over. */
public final class DynamoDbUploadQuota implements UploadQuota {
  private static final String DEVICE_ID = "deviceid";

  /** The sort key: the date, and whether the device sent it itself. */
  private static final String DAY = "day";

  private final DynamoDbClient dynamoDb;
  private final DynamoDbTransactions transactions;
  private final String table;
  private final long perDay;

  /**
   * Counts in a table.
   *
   * @param perDay how many there are, of each of the two kinds
   */
  public DynamoDbUploadQuota(DynamoDbClient dynamoDb, String table, long perDay) {
    this.dynamoDb = dynamoDb;
    this.transactions = new DynamoDbTransactions(dynamoDb);
    this.table = table;
    this.perDay = perDay;
  }

  @Override
  public Optional<Duration> take(String deviceId, Principal caller, Instant now) {
    Instant midnight = endOfDay(now);
    try {
      // The attribute expires is in seconds since 1970, as DynamoDB's time to live wants it.
      Outages.call(() -> dynamoDb.updateItem(request -> request
          .tableName(table)
          .key(keyOf(deviceId, caller, now))
          .updateExpression("SET expires = :end ADD uploads :one")
          .conditionExpression("attribute_not_exists(uploads) OR uploads < :max")
          .expressionAttributeValues(Map.of(
              ":end",
              number(midnight.getEpochSecond()),
              ":one",
              number(1),
              ":max",
              number(perDay)))));
      return Optional.empty();
    } catch (ConditionalCheckFailedException e) {
      return Optional.of(Duration.between(now, midnight));
    }
  }

  @Override
  public void giveBack(String deviceId, Principal caller, Instant taken) {
    Update oneLess = Update.builder()
        .tableName(table)
        .key(keyOf(deviceId, caller, taken))
        .updateExpression("SET expires = :end ADD uploads :back")
        .expressionAttributeValues(
            Map.of(":end", number(endOfDay(taken).getEpochSecond()), ":back", number(-1)))
        .build();
    Backoff backoff = new Backoff();
    while (!transactions.update(oneLess, RandomId.next())) {
      backoff.pause();
    }
  }

  private static Map<String, AttributeValue> keyOf(String deviceId, Principal caller, Instant at) {
    String sender = caller.isDevice(deviceId) ? "device" : "people";
    return Map.of(DEVICE_ID, text(deviceId), DAY, text(dayOf(at) + "#" + sender));
  }

  private static LocalDate dayOf(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private static Instant endOfDay(Instant at) {
    return dayOf(at).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
