package io.fleetwell.logs;

import static io.fleetwell.aws.Attributes.text;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.CountChange;
import io.fleetwell.aws.DynamoDbTransactions;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.Written;
import io.fleetwell.ids.UtcDay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Counters in a DynamoDB table: at most three items for each device and day, and one for each user and day. They expire at
 * the end of the day.
 *
 * <p>An upload by a user who is not the owner changes two items in one transaction, so nobody loses an upload that was never
 * used. A repeated file counts too: recognising it beforehand would cost one more call for each.
 *
 * <p>Earlier releases also count uploads of owners and operators in the item of other users. While both releases run, a day
 * may have more uploads than one release allows.
 */
public final class DynamoDbUploadQuota implements UploadQuota {
  /** The partition key: a device's id or, after a character that no device's id has, a user's. */
  private static final String DEVICE_ID = "deviceid";

  private static final String USER = "#";

  /** The sort key: the date, and whose uploads are counted. */
  private static final String DAY = "day";

  private static final String UPLOADS = "uploads";

  private final DynamoDbTransactions transactions;
  private final String table;
  private final long perDay;

  private DynamoDbUploadQuota(Aws aws) {
    this.transactions = new DynamoDbTransactions(aws.dynamoDb());
    this.table = aws.environment().text("UPLOAD_COUNTS_TABLE");
    this.perDay = aws.environment().number("UPLOADS_PER_DAY");
  }

  public static DynamoDbUploadQuota from(Aws aws) {
    return new DynamoDbUploadQuota(aws);
  }

  @Override
  public Optional<Duration> take(String deviceId, Sender sender, Instant now) {
    return change(1, deviceId, sender, now)
        ? Optional.empty()
        : Optional.of(Duration.between(now, UtcDay.of(now).end()));
  }

  @Override
  public void giveBack(String deviceId, Sender sender, Instant taken) {
    change(-1, deviceId, sender, taken);
  }

  /** Changes all counters, or none if one is at its limit; each only once, even if an answer is lost. */
  private boolean change(int amount, String deviceId, Sender sender, Instant at) {
    List<CountChange> changes = countersOf(deviceId, sender, at)
        .map(key -> new CountChange(
            table, key, UPLOADS, amount, perDay, Optional.of(UtcDay.of(at).end())))
        .toList();
    return transactions.writeUntilAlone(List.of(), changes) instanceof Written;
  }

  private static Stream<Map<String, AttributeValue>> countersOf(
      String deviceId, Sender sender, Instant at) {
    return switch (sender.kind()) {
      case DEVICE -> Stream.of(keyOf(deviceId, at, "device"));
      case OPERATOR -> Stream.of(keyOf(deviceId, at, "operator"));
      case OWNER -> Stream.of(keyOf(USER + sender.id(), at, "user"));
      case USER -> Stream.of(keyOf(USER + sender.id(), at, "user"), keyOf(deviceId, at, "people"));
    };
  }

  private static Map<String, AttributeValue> keyOf(String id, Instant at, String counter) {
    return Map.of(DEVICE_ID, text(id), DAY, text(UtcDay.of(at) + "#" + counter));
  }
}
