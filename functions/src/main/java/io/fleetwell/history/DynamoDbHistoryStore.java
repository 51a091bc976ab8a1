package io.fleetwell.history;

import static io.fleetwell.aws.Attributes.longOf;
import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.Attributes.timeOf;

import io.fleetwell.auth.Principal;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.aws.ItemWrite;
import io.fleetwell.history.DeviceEvent.Proof;
import io.fleetwell.history.DeviceEvent.What;
import io.fleetwell.ids.UtcDay;
import io.fleetwell.ids.Words;
import io.fleetwell.paging.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * History in a DynamoDB table. DynamoDB deletes an item some time after it expires.
 *
 * <p>All entries of a device are under one partition key, which takes 1,000 writes a second. A flood of refused claims
 * of a device delays that device's changes; the throttle of the claim's route bounds it.
 *
 * <p>The first refused claim of a user and day decides where their entry is. An item under a key of its own, with a
 * character that no device's id has, remembers that until the end of the day.
 */
public final class DynamoDbHistoryStore implements HistoryStore {
  private static final String DEVICE_ID = "deviceid";
  private static final String POSITION = "position";
  private static final String WHAT = "what";

  /** Milliseconds since 1970. */
  private static final String TIME = "time";

  private static final String VERSION = "version";
  private static final String BY = "by";
  private static final String BY_ID = "byid";
  private static final String PROOF = "proof";
  private static final String REQUEST_ID = "requestid";
  private static final String ABOUT = "about";

  /** How many refused claims an entry stands for, and the time of the latest; missing for other events. */
  private static final String COUNT = "count";

  private static final String LAST = "last";

  /** In the item of a user and day: the position of their entry. */
  private static final String ENTRY = "entry";

  /** Seconds since 1970, the unit of DynamoDB's time to live. */
  private static final String EXPIRES = "expires";

  /** Sorts after all positions. */
  private static final String END = "~";

  private final DynamoDbClient dynamoDb;
  private final String table;

  /** How long events are shown. */
  private final Duration kept;

  private DynamoDbHistoryStore(Aws aws) {
    this.dynamoDb = aws.dynamoDb();
    this.table = aws.environment().text("HISTORY_TABLE");
    this.kept = Duration.ofDays(aws.environment().number("HISTORY_DAYS"));
  }

  public static DynamoDbHistoryStore from(Aws aws) {
    return new DynamoDbHistoryStore(aws);
  }

  /** Returns the write that adds an event in a transaction. */
  public ItemWrite writeOf(DeviceEvent event) {
    Map<String, AttributeValue> item = itemOf(event);
    Map<String, AttributeValue> key =
        Map.of(DEVICE_ID, required(item, DEVICE_ID), POSITION, required(item, POSITION));
    return ItemWrite.always(table, key, Optional.of(item));
  }

  @Override
  public void addRefusal(DeviceEvent refusal) {
    Map<String, AttributeValue> first = first(refusal);
    Map<String, AttributeValue> item = new TreeMap<>(itemOf(refusal));
    item.keySet().removeAll(Set.of(DEVICE_ID, POSITION));
    item.put(TIME, required(first, TIME));
    item.put(EXPIRES, number(timeOf(first, TIME).plus(kept).getEpochSecond()));
    item.put(LAST, number(refusal.time()));
    try {
      AwsCalls.run(() -> dynamoDb.updateItem(request -> request
          .tableName(table)
          .key(Map.of(DEVICE_ID, text(refusal.deviceId()), POSITION, required(first, ENTRY)))
          .updateExpression("SET %s ADD #count :one".formatted(assignments(item.keySet())))
          .conditionExpression("attribute_not_exists(#requestid) OR #requestid <> :requestid")
          .expressionAttributeNames(names(item.keySet()))
          .expressionAttributeValues(values(item))));
    } catch (ConditionalCheckFailedException e) {
      // The SDK has repeated an update whose answer was lost.
    }
  }

  /** Returns the time and the entry of the first refusal of this user on this day. */
  private Map<String, AttributeValue> first(DeviceEvent refusal) {
    UtcDay day = UtcDay.of(refusal.time());
    Map<String, AttributeValue> item = Map.of(
        DEVICE_ID,
        text(refusal.deviceId() + "#" + refusal.byId()),
        POSITION,
        text(day.toString()),
        TIME,
        number(refusal.time()),
        ENTRY,
        text(refusal.position().text()),
        EXPIRES,
        number(day.end().getEpochSecond()));
    try {
      AwsCalls.run(() -> dynamoDb.putItem(request -> request
          .tableName(table)
          .item(item)
          .conditionExpression("attribute_not_exists(%s)".formatted(DEVICE_ID))
          .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
      return item;
    } catch (ConditionalCheckFailedException e) {
      return e.item();
    }
  }

  /** Names and values have placeholders, because many attributes have reserved words as names. */
  private static String assignments(Set<String> attributes) {
    return attributes.stream()
        .map(name -> "#%1$s = :%1$s".formatted(name))
        .collect(Collectors.joining(", "));
  }

  private static Map<String, String> names(Set<String> attributes) {
    return Stream.concat(attributes.stream(), Stream.of(COUNT))
        .collect(Collectors.toMap(name -> "#" + name, name -> name));
  }

  private static Map<String, AttributeValue> values(Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> values = new HashMap<>(Map.of(":one", number(1)));
    attributes.forEach((name, value) -> values.put(":" + name, value));
    return values;
  }

  @Override
  public Page<HistoryEntry> of(
      String deviceId, Optional<HistoryPosition> after, int limit, Instant now) {
    Instant oldest = now.minus(kept);
    if (after.filter(it -> it.isBefore(oldest)).isPresent()) {
      return new Page<>(List.of(), false);
    }
    QueryResponse response = AwsCalls.run(() -> dynamoDb.query(query -> query
        .tableName(table)
        .consistentRead(true)
        .scanIndexForward(false)
        // "position" is a reserved word in expressions.
        .keyConditionExpression(DEVICE_ID + " = :device AND #position BETWEEN :oldest AND :newest")
        .expressionAttributeNames(Map.of("#position", POSITION))
        .expressionAttributeValues(Map.of(
            ":device", text(deviceId),
            ":oldest", text(HistoryPosition.startAt(oldest)),
            ":newest", text(after.map(HistoryPosition::text).orElse(END))))
        // BETWEEN includes "after".
        .limit(Page.queryLimit(limit) + 1)));
    List<HistoryEntry> entries = response.items().stream()
        .map(DynamoDbHistoryStore::entryOf)
        .filter(entry -> !after.equals(Optional.of(entry.position())))
        .toList();
    return Page.of(entries, limit, response.hasLastEvaluatedKey());
  }

  private Map<String, AttributeValue> itemOf(DeviceEvent event) {
    Map<String, AttributeValue> about = new HashMap<>();
    event.about().forEach((name, value) -> about.put(name, text(value)));
    return Map.ofEntries(
        Map.entry(DEVICE_ID, text(event.deviceId())),
        Map.entry(POSITION, text(event.position().text())),
        Map.entry(WHAT, text(Words.of(event.what()))),
        Map.entry(TIME, number(event.time())),
        Map.entry(VERSION, number(event.version())),
        Map.entry(BY, text(Words.of(event.by()))),
        Map.entry(BY_ID, text(event.byId())),
        Map.entry(PROOF, text(Words.of(event.proof()))),
        Map.entry(REQUEST_ID, text(event.requestId())),
        Map.entry(ABOUT, AttributeValue.fromM(about)),
        Map.entry(EXPIRES, number(event.time().plus(kept).getEpochSecond())));
  }

  /** An entry of an earlier release stands for one event, and has neither count nor last. */
  private static HistoryEntry entryOf(Map<String, AttributeValue> item) {
    return new HistoryEntry(
        new HistoryPosition(required(item, POSITION).s()),
        eventOf(item),
        item.containsKey(COUNT) ? longOf(item, COUNT) : 1,
        timeOf(item, item.containsKey(LAST) ? LAST : TIME));
  }

  private static DeviceEvent eventOf(Map<String, AttributeValue> item) {
    Map<String, String> about = new HashMap<>();
    required(item, ABOUT).m().forEach((name, value) -> about.put(name, value.s()));
    return new DeviceEvent(
        required(item, DEVICE_ID).s(),
        Words.parse(What.class, required(item, WHAT).s()),
        timeOf(item, TIME),
        longOf(item, VERSION),
        Words.parse(Principal.Kind.class, required(item, BY).s()),
        required(item, BY_ID).s(),
        Words.parse(Proof.class, required(item, PROOF).s()),
        required(item, REQUEST_ID).s(),
        about);
  }
}
