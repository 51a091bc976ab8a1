package io.fleetwell.history;

import static io.fleetwell.aws.Attributes.longOf;
import static io.fleetwell.aws.Attributes.mapOf;
import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.Attributes.textOf;
import static io.fleetwell.aws.Attributes.timeOf;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.aws.Backoff;
import io.fleetwell.aws.CountChange;
import io.fleetwell.aws.DynamoDbTransactions;
import io.fleetwell.aws.DynamoDbTransactions.Outcome;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.LimitReached;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.Written;
import io.fleetwell.aws.EventLog;
import io.fleetwell.aws.ItemType;
import io.fleetwell.aws.ItemWrite;
import io.fleetwell.history.DeviceEvent.What;
import io.fleetwell.ids.RandomId;
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
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * History in a DynamoDB table. DynamoDB deletes an item some time after it expires.
 *
 * <p>All entries of a device are under one partition key, which takes 1,000 writes a second. A flood of refused claims
 * of a device delays that device's changes; the throttle of the claim's route bounds it.
 *
 * <p>The events of a user or device on a day are counted in an item, in the same step.
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

  private static final ItemType<HistoryEntry> ENTRIES = new ItemType<>(
      POSITION,
      Set.of(
          DEVICE_ID,
          POSITION,
          WHAT,
          TIME,
          VERSION,
          BY,
          BY_ID,
          PROOF,
          REQUEST_ID,
          ABOUT,
          COUNT,
          LAST,
          EXPIRES),
      DynamoDbHistoryStore::entryOf);

  private final DynamoDbClient dynamoDb;
  private final DynamoDbTransactions transactions;
  private final EventLog log;
  private final String table;

  /** How long events are shown. */
  private final Duration kept;

  private DynamoDbHistoryStore(Aws aws) {
    this.dynamoDb = aws.dynamoDb();
    this.transactions = new DynamoDbTransactions(dynamoDb);
    this.log = aws.log();
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

  /**
   * Returns the count that limits how many of these events their caller can make on a day; empty if they are not limited.
   * Releases are not, since each needs a claim. Nor is what operators do.
   */
  public Optional<CountChange> countOf(List<DeviceEvent> events) {
    List<DeviceEvent> counted =
        events.stream().filter(DynamoDbHistoryStore::isCounted).toList();
    if (counted.isEmpty()) {
      return Optional.empty();
    }
    DeviceEvent first = counted.get(0);
    UtcDay day = UtcDay.of(first.time());
    boolean byUser = first.by().equals(Words.of(Kind.USER));
    return Optional.of(new CountChange(
        table,
        Map.of(
            DEVICE_ID,
            text("#%s#%s".formatted(first.by(), first.byId())),
            POSITION,
            text(day.toString())),
        COUNT,
        counted.size(),
        byUser ? MAX_CLAIMS_A_DAY : MAX_CHANGES_A_DAY,
        Optional.of(day.end())));
  }

  private static boolean isCounted(DeviceEvent event) {
    return !event.by().equals(Words.of(Kind.OPERATOR))
        && !event.what().equals(Words.of(What.RELEASED));
  }

  @Override
  public boolean addRefusal(DeviceEvent refusal) {
    Optional<Map<String, AttributeValue>> first = first(refusal);
    first.ifPresent(it -> addRefusal(refusal, it));
    return first.isPresent();
  }

  private void addRefusal(DeviceEvent refusal, Map<String, AttributeValue> first) {
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

  /**
   * Returns the time and the entry of the first refusal of this user on this day; empty if this would be the first and is
   * one too many.
   */
  private Optional<Map<String, AttributeValue>> first(DeviceEvent refusal) {
    UtcDay day = UtcDay.of(refusal.time());
    Map<String, AttributeValue> key = Map.of(
        DEVICE_ID, text(refusal.deviceId() + "#" + refusal.byId()), POSITION, text(day.toString()));
    Map<String, AttributeValue> item = new HashMap<>(key);
    item.put(TIME, number(refusal.time()));
    item.put(ENTRY, text(refusal.position().text()));
    item.put(EXPIRES, number(day.end().getEpochSecond()));
    ItemWrite write = ItemWrite.ifAbsent(table, key, item, DEVICE_ID);
    List<CountChange> count = countOf(List.of(refusal)).stream().toList();
    Backoff backoff = new Backoff();
    while (true) {
      GetItemResponse present = AwsCalls.run(
          () -> dynamoDb.getItem(get -> get.tableName(table).key(key).consistentRead(true)));
      if (present.hasItem()) {
        return Optional.of(present.item());
      }
      Outcome result = transactions.write(List.of(write), count, RandomId.next());
      if (result instanceof Written) {
        return Optional.of(item);
      }
      if (result instanceof LimitReached) {
        return Optional.empty();
      }
      backoff.pause();
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
    QueryRequest.Builder query = QueryRequest.builder()
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
        .limit(Page.queryLimit(limit) + 1);
    List<HistoryEntry> entries;
    QueryResponse response;
    do {
      response = AwsCalls.run(() -> dynamoDb.query(query.build()));
      entries = ENTRIES
          .readAll(response.items(), log)
          .filter(entry -> !after.equals(Optional.of(entry.position())))
          .toList();
      query.exclusiveStartKey(response.lastEvaluatedKey());
    } while (entries.isEmpty() && response.hasLastEvaluatedKey());
    return Page.of(entries, limit, response.hasLastEvaluatedKey());
  }

  private Map<String, AttributeValue> itemOf(DeviceEvent event) {
    Map<String, AttributeValue> about = new HashMap<>();
    event.about().forEach((name, value) -> about.put(name, text(value)));
    return Map.ofEntries(
        Map.entry(DEVICE_ID, text(event.deviceId())),
        Map.entry(POSITION, text(event.position().text())),
        Map.entry(WHAT, text(event.what())),
        Map.entry(TIME, number(event.time())),
        Map.entry(VERSION, number(event.version())),
        Map.entry(BY, text(event.by())),
        Map.entry(BY_ID, text(event.byId())),
        Map.entry(PROOF, text(event.proof())),
        Map.entry(REQUEST_ID, text(event.requestId())),
        Map.entry(ABOUT, AttributeValue.fromM(about)),
        Map.entry(EXPIRES, number(event.time().plus(kept).getEpochSecond())));
  }

  /** An entry of an earlier release stands for one event, and has neither count nor last. */
  private static HistoryEntry entryOf(Map<String, AttributeValue> item) {
    return new HistoryEntry(
        new HistoryPosition(textOf(item, POSITION)),
        eventOf(item),
        item.containsKey(COUNT) ? longOf(item, COUNT) : 1,
        timeOf(item, item.containsKey(LAST) ? LAST : TIME));
  }

  private static DeviceEvent eventOf(Map<String, AttributeValue> item) {
    Map<String, String> about = new HashMap<>();
    mapOf(item, ABOUT).forEach((name, value) -> about.put(name, value.s()));
    return new DeviceEvent(
        textOf(item, DEVICE_ID),
        textOf(item, WHAT),
        timeOf(item, TIME),
        longOf(item, VERSION),
        textOf(item, BY),
        textOf(item, BY_ID),
        textOf(item, PROOF),
        textOf(item, REQUEST_ID),
        about);
  }
}
