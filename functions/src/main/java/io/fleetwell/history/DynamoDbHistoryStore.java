package io.fleetwell.history;

import static io.fleetwell.aws.Attributes.longOf;
import static io.fleetwell.aws.Attributes.mapOf;
import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.ofJson;
import static io.fleetwell.aws.Attributes.optionalText;
import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.Attributes.textOf;
import static io.fleetwell.aws.Attributes.timeOf;
import static io.fleetwell.aws.Attributes.toJson;

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
import io.fleetwell.history.HistoryEvent.What;
import io.fleetwell.ids.RandomId;
import io.fleetwell.ids.UtcDay;
import io.fleetwell.ids.Words;
import io.fleetwell.paging.Page;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
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
 * <p>An index has the acts of operators by month. It is sparse, so claims and what devices do cost nothing there.
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
  /** The partition key: the key of a {@link Subject}. Earlier releases had devices alone. */
  private static final String SUBJECT = "deviceid";

  private static final String POSITION = "position";
  private static final String WHAT = "what";

  /** Milliseconds since 1970. */
  private static final String TIME = "time";

  private static final String VERSION = "version";
  private static final String BY = "by";
  private static final String BY_ID = "byid";

  /** The name of the author; optional. */
  private static final String BY_NAME = "byname";

  private static final String PROOF = "proof";
  private static final String REQUEST_ID = "requestid";
  private static final String ABOUT = "about";

  /** Two maps, which are missing if the event has no change. */
  private static final String BEFORE = "before";

  private static final String AFTER = "after";

  /** The index's partition key, such as {@code 2026-12}; only in events that the audit log shows. */
  private static final String MONTH = "month";

  private static final String AUDIT_INDEX = "Audit";

  /** The most queries for a page of the audit log. A search for acts that are rare continues on the next page. */
  private static final int MAX_QUERIES = 24;

  /** The most events that a query of a search reads. */
  private static final int SEARCHED = 200;

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
          SUBJECT,
          POSITION,
          WHAT,
          TIME,
          VERSION,
          BY,
          BY_ID,
          BY_NAME,
          PROOF,
          REQUEST_ID,
          ABOUT,
          BEFORE,
          AFTER,
          MONTH,
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
  public ItemWrite writeOf(HistoryEvent event) {
    return ItemWrite.always(table, keyOf(event), Optional.of(itemOf(event)));
  }

  private static Map<String, AttributeValue> keyOf(HistoryEvent event) {
    return Map.of(
        SUBJECT, text(event.subject().key()), POSITION, text(event.position().text()));
  }

  /** A transaction, although it is one item: a put that arrived late would undo the one after it. */
  @Override
  public void put(HistoryEvent act) {
    transactions.writeUntilAlone(List.of(writeOf(act)), List.of());
  }

  @Override
  public void remove(HistoryEvent act) {
    ItemWrite write = ItemWrite.always(table, keyOf(act), Optional.empty());
    transactions.writeUntilAlone(List.of(write), List.of());
  }

  /**
   * Returns the count that limits how many of these events their caller can make on a day; empty if they are not limited.
   * Releases are not, since each needs a claim. Nor is what operators do.
   */
  public Optional<CountChange> countOf(List<HistoryEvent> events) {
    List<HistoryEvent> counted =
        events.stream().filter(DynamoDbHistoryStore::isCounted).toList();
    if (counted.isEmpty()) {
      return Optional.empty();
    }
    HistoryEvent first = counted.get(0);
    UtcDay day = UtcDay.of(first.time());
    boolean byUser = first.by().kind().equals(Words.of(Kind.USER));
    return Optional.of(new CountChange(
        table,
        Map.of(
            SUBJECT,
            text("#%s#%s".formatted(first.by().kind(), first.by().id())),
            POSITION,
            text(day.toString())),
        COUNT,
        counted.size(),
        byUser ? MAX_CLAIMS_A_DAY : MAX_CHANGES_A_DAY,
        Optional.of(day.end())));
  }

  private static boolean isCounted(HistoryEvent event) {
    return !event.by().kind().equals(Words.of(Kind.OPERATOR)) && !event.is(What.RELEASED);
  }

  @Override
  public boolean addRefusal(HistoryEvent refusal) {
    Optional<Map<String, AttributeValue>> first = first(refusal);
    first.ifPresent(it -> addRefusal(refusal, it));
    return first.isPresent();
  }

  private void addRefusal(HistoryEvent refusal, Map<String, AttributeValue> first) {
    Map<String, AttributeValue> item = new TreeMap<>(itemOf(refusal));
    item.keySet().removeAll(Set.of(SUBJECT, POSITION));
    item.put(TIME, required(first, TIME));
    item.put(EXPIRES, number(timeOf(first, TIME).plus(kept).getEpochSecond()));
    item.put(LAST, number(refusal.time()));
    try {
      AwsCalls.run(() -> dynamoDb.updateItem(request -> request
          .tableName(table)
          .key(Map.of(SUBJECT, text(refusal.subject().key()), POSITION, required(first, ENTRY)))
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
  private Optional<Map<String, AttributeValue>> first(HistoryEvent refusal) {
    UtcDay day = UtcDay.of(refusal.time());
    Map<String, AttributeValue> key = Map.of(
        SUBJECT,
        text(refusal.subject().key() + "#" + refusal.by().id()),
        POSITION,
        text(day.toString()));
    Map<String, AttributeValue> item = new HashMap<>(key);
    item.put(TIME, number(refusal.time()));
    item.put(ENTRY, text(refusal.position().text()));
    item.put(EXPIRES, number(day.end().getEpochSecond()));
    ItemWrite write = ItemWrite.ifAbsent(table, key, item, SUBJECT);
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
    String newest = after.map(HistoryPosition::text).orElse(END);
    QueryRequest.Builder query = between(SUBJECT, deviceId, HistoryPosition.startAt(oldest), newest)
        .consistentRead(true)
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

  /** A query for positions from one to another, newest first. Names have placeholders: some are reserved words. */
  private QueryRequest.Builder between(
      String attribute, String value, String oldest, String newest) {
    return QueryRequest.builder()
        .tableName(table)
        .scanIndexForward(false)
        .keyConditionExpression("#key = :key AND #position BETWEEN :oldest AND :newest")
        .expressionAttributeNames(Map.of("#key", attribute, "#position", POSITION))
        .expressionAttributeValues(
            Map.of(":key", text(value), ":oldest", text(oldest), ":newest", text(newest)));
  }

  @Override
  public AuditPage audit(
      AuditSelection selection, Optional<HistoryPosition> after, int limit, Instant now) {
    AuditRange range = AuditRange.of(selection, after, now);
    Instant expired = now.minus(kept);
    Predicate<HistoryEntry> isWanted = entry -> selection.includes(entry.event())
        && (entry.event().isKeptForEver() || !entry.event().time().isBefore(expired))
        && !after.equals(Optional.of(entry.position()));
    // BETWEEN includes "after", and one more shows whether there is a further page.
    int read = selection.searches() ? SEARCHED : limit + 2;
    List<HistoryEntry> found = new ArrayList<>();
    int queries = 0;
    for (Acts acts : actsOf(selection, range).toList()) {
      Map<String, AttributeValue> start = Map.of();
      do {
        if (++queries > MAX_QUERIES) {
          return new AuditPage(new Page<>(found, true), Optional.of(acts.reached(start)));
        }
        QueryResponse response = query(acts, range, start, read);
        ENTRIES.readAll(response.items(), log).filter(isWanted).forEach(found::add);
        if (found.size() > limit) {
          return new AuditPage(Page.of(found, limit, true), Optional.empty());
        }
        start = response.lastEvaluatedKey();
      } while (!start.isEmpty());
    }
    return new AuditPage(new Page<>(found, false), Optional.empty());
  }

  /** Acts that one query can find: those of a subject or, in the index, of a month. */
  private record Acts(Optional<Subject> subject, Optional<YearMonth> month) {
    /** The position after which the search continues: at the start of a query, or at the end of all acts of later months. */
    HistoryPosition reached(Map<String, AttributeValue> start) {
      return start.isEmpty()
          ? AuditRange.startOf(month.orElseThrow().plusMonths(1))
          : new HistoryPosition(textOf(start, POSITION));
    }
  }

  private static Stream<Acts> actsOf(AuditSelection selection, AuditRange range) {
    if (range.isEmpty()) {
      return Stream.of();
    }
    return selection.subject().isPresent()
        ? Stream.of(new Acts(selection.subject(), Optional.empty()))
        : range.months().map(month -> new Acts(Optional.empty(), Optional.of(month)));
  }

  private QueryResponse query(
      Acts acts, AuditRange range, Map<String, AttributeValue> start, int limit) {
    QueryRequest.Builder query = acts.month()
        .map(month ->
            between(MONTH, month.toString(), range.oldest(), range.newest()).indexName(AUDIT_INDEX))
        .orElseGet(() -> between(
                SUBJECT, acts.subject().orElseThrow().key(), range.oldest(), range.newest())
            .consistentRead(true));
    QueryRequest request =
        query.exclusiveStartKey(start.isEmpty() ? null : start).limit(limit).build();
    return AwsCalls.run(() -> dynamoDb.query(request));
  }

  private Map<String, AttributeValue> itemOf(HistoryEvent event) {
    Map<String, AttributeValue> about = new HashMap<>();
    event.about().forEach((name, value) -> about.put(name, text(value)));
    Map<String, AttributeValue> item = new HashMap<>(keyOf(event));
    item.put(WHAT, text(event.what()));
    item.put(TIME, number(event.time()));
    item.put(VERSION, number(event.version()));
    item.put(BY, text(event.by().kind()));
    item.put(BY_ID, text(event.by().id()));
    event.by().name().ifPresent(name -> item.put(BY_NAME, text(name)));
    item.put(PROOF, text(event.proof()));
    item.put(REQUEST_ID, text(event.requestId()));
    item.put(ABOUT, AttributeValue.fromM(about));
    event.change().ifPresent(change -> {
      item.put(BEFORE, ofJson(change.before()));
      item.put(AFTER, ofJson(change.after()));
    });
    if (event.audited()) {
      item.put(MONTH, text(AuditRange.monthOf(event.time()).toString()));
    }
    if (!event.isKeptForEver()) {
      item.put(EXPIRES, number(event.time().plus(kept).getEpochSecond()));
    }
    return item;
  }

  /** An entry of an earlier release stands for one event, and has neither count nor last. */
  private static HistoryEntry entryOf(Map<String, AttributeValue> item) {
    return new HistoryEntry(
        new HistoryPosition(textOf(item, POSITION)),
        eventOf(item),
        item.containsKey(COUNT) ? longOf(item, COUNT) : 1,
        timeOf(item, item.containsKey(LAST) ? LAST : TIME));
  }

  private static HistoryEvent eventOf(Map<String, AttributeValue> item) {
    Map<String, String> about = new HashMap<>();
    mapOf(item, ABOUT).forEach((name, value) -> about.put(name, value.s()));
    return new HistoryEvent(
        new Subject(textOf(item, SUBJECT)),
        textOf(item, WHAT),
        timeOf(item, TIME),
        longOf(item, VERSION),
        new Author(textOf(item, BY), textOf(item, BY_ID), optionalText(item, BY_NAME)),
        textOf(item, PROOF),
        textOf(item, REQUEST_ID),
        about,
        changeOf(item),
        item.containsKey(MONTH));
  }

  private static Optional<Change> changeOf(Map<String, AttributeValue> item) {
    return item.containsKey(BEFORE)
        ? Optional.of(new Change(toJson(mapOf(item, BEFORE)), toJson(mapOf(item, AFTER))))
        : Optional.empty();
  }
}
