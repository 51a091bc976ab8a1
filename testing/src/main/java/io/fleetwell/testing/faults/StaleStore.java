package io.fleetwell.testing.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.LocalDynamoDb;
import io.fleetwell.local.Template.Index;
import io.fleetwell.local.Template.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A DynamoDB that answers each read without {@code ConsistentRead} as if the last write of each item had not been made. It
 * answers queries of global secondary indexes in the same way, which cannot be consistent, until {@link #indexesCatchUp}.
 * Reads in transactions are always consistent, as in DynamoDB.
 *
 * <p>A second DynamoDB has each item as it was before its last write, and answers these reads. So DynamoDB itself evaluates
 * their conditions, limits and positions. A write over another wire changes nothing there.
 */
final class StaleStore implements Store {
  /** The limit of BatchWriteItem. */
  private static final int WRITES_PER_CALL = 25;

  private static final String CONSISTENT = "ConsistentRead";
  private static final String TABLE = "TableName";
  private static final String REQUESTED = "RequestItems";

  private final Store present;
  private final LocalDynamoDb pastDynamoDb;
  private final Store past;
  private final Map<String, Table> tables = new ConcurrentHashMap<>();

  /** The tables that nobody wrote to since their indexes caught up. */
  private final Set<String> withCurrentIndexes = ConcurrentHashMap.newKeySet();

  StaleStore(Store present) throws Exception {
    this.present = present;
    this.pastDynamoDb = LocalDynamoDb.startInMemory();
    this.past = new RemoteStore(pastDynamoDb.endpoint());
  }

  /** The key of an item, in DynamoDB's JSON. */
  private record ItemKey(String table, JsonNode key) {}

  /** Prepares for tables that have been created. */
  void add(List<Table> created) {
    pastDynamoDb.createTables(created);
    created.forEach(table -> tables.put(table.name(), table));
  }

  /** Lets global secondary indexes show all writes so far. The index of a table is stale again from its next write. */
  void indexesCatchUp() {
    withCurrentIndexes.addAll(tables.keySet());
  }

  @Override
  public boolean isStale(Call call) {
    return switch (call.operation()) {
      case "GetItem", "Query", "Scan" ->
        !isConsistent(call.json()) && !readsCurrentIndex(call.json());
      case "BatchGetItem" -> !staleTables(call).isEmpty();
      default -> false;
    };
  }

  private static boolean isConsistent(JsonNode read) {
    return read.path(CONSISTENT).asBoolean();
  }

  private boolean readsCurrentIndex(JsonNode read) {
    String table = read.path(TABLE).asText();
    return withCurrentIndexes.contains(table)
        && definition(table).indexes().stream()
            .filter(Index::global)
            .anyMatch(index -> index.name().equals(read.path("IndexName").asText()));
  }

  private static List<String> staleTables(Call batch) {
    return batch.json().path(REQUESTED).properties().stream()
        .filter(table -> !isConsistent(table.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public byte[] answer(Call call) throws IOException {
    if (isStale(call)) {
      return call.operation().equals("BatchGetItem") ? batchAnswer(call) : past.answer(call);
    }
    List<ItemKey> written = written(call);
    if (written.isEmpty()) {
      return present.answer(call);
    }
    written.forEach(item -> withCurrentIndexes.remove(item.table()));
    Map<ItemKey, JsonNode> before = itemsOf(call, written);
    byte[] answer = present.answer(call);
    if (HttpMessage.of(answer).isSuccess()) {
      remember(call, written, before);
    }
    return answer;
  }

  /** A batch may read some tables consistently and others not. */
  private byte[] batchAnswer(Call batch) throws IOException {
    ObjectNode consistent = batch.json().path(REQUESTED).deepCopy();
    ObjectNode stale = consistent.deepCopy();
    List<String> staleTables = staleTables(batch);
    consistent.remove(staleTables);
    stale.retain(staleTables);
    if (consistent.isEmpty()) {
      return past.answer(batch);
    }
    HttpMessage answer = HttpMessage.of(present.answer(withRequested(batch, consistent)));
    HttpMessage staleAnswer = HttpMessage.of(past.answer(withRequested(batch, stale)));
    if (!answer.isSuccess() || !staleAnswer.isSuccess()) {
      throw new IllegalStateException("no batch: " + answer + staleAnswer);
    }
    ObjectNode all = answer.json().deepCopy();
    for (String field : List.of("Responses", "UnprocessedKeys")) {
      all.withObject("/" + field).setAll(staleAnswer.json().withObject("/" + field));
    }
    return StoreAnswers.done(all);
  }

  private static Call withRequested(Call batch, ObjectNode requested) {
    ObjectNode request = batch.json().deepCopy();
    return batch.as("BatchGetItem", request.set(REQUESTED, requested));
  }

  /** The items that a call writes, if it succeeds. */
  private List<ItemKey> written(Call call) {
    JsonNode request = call.json();
    return switch (call.operation()) {
      case "PutItem" -> List.of(itemKey(request.path(TABLE).asText(), request.path("Item")));
      case "UpdateItem", "DeleteItem" ->
        List.of(itemKey(request.path(TABLE).asText(), request.path("Key")));
      case "TransactWriteItems" ->
        request
            .path("TransactItems")
            .valueStream()
            .flatMap(this::writtenInTransaction)
            .toList();
      case "BatchWriteItem", "ExecuteStatement", "ExecuteTransaction", "BatchExecuteStatement" ->
        throw new IllegalStateException("nobody uses " + call.operation());
      default -> List.of();
    };
  }

  private Stream<ItemKey> writtenInTransaction(JsonNode item) {
    return item.properties().stream()
        .filter(write -> !write.getKey().equals("ConditionCheck"))
        .map(Map.Entry::getValue)
        .map(write -> itemKey(
            write.path(TABLE).asText(),
            write.has("Item") ? write.path("Item") : write.path("Key")));
  }

  private Table definition(String table) {
    return Objects.requireNonNull(tables.get(table), table);
  }

  private ItemKey itemKey(String table, JsonNode attributes) {
    ObjectNode key = JsonNodeFactory.instance.objectNode();
    Table definition = tables.get(table);
    if (definition == null) {
      throw new IllegalStateException("an unknown table: " + table);
    }
    Stream.concat(Stream.of(definition.key().partition()), definition.key().sort().stream())
        .forEach(name -> key.set(name, attributes.path(name)));
    return new ItemKey(table, key);
  }

  /** The items that exist now. None if DynamoDB refuses their keys, because it then refuses the call too. */
  private Map<ItemKey, JsonNode> itemsOf(Call call, List<ItemKey> keys) throws IOException {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    ObjectNode requested = request.putObject(REQUESTED);
    for (ItemKey key : keys) {
      ObjectNode table = requested.withObject("/" + key.table());
      table.put(CONSISTENT, true).withArray("/Keys").add(key.key());
    }
    HttpMessage answer = HttpMessage.of(present.answer(call.as("BatchGetItem", request)));
    Map<ItemKey, JsonNode> items = new HashMap<>();
    if (answer.isSuccess()) {
      requireAll(answer.json());
      answer
          .json()
          .path("Responses")
          .properties()
          .forEach(table ->
              table.getValue().forEach(item -> items.put(itemKey(table.getKey(), item), item)));
    }
    return items;
  }

  private static void requireAll(JsonNode answer) {
    if (!answer.path("UnprocessedKeys").isEmpty()
        || !answer.path("UnprocessedItems").isEmpty()) {
      throw new IllegalStateException("DynamoDB Local is expected to process all: " + answer);
    }
  }

  /** Gives the past the items as they were before a write. */
  private void remember(Call call, List<ItemKey> written, Map<ItemKey, JsonNode> before)
      throws IOException {
    List<ItemKey> left = new ArrayList<>(written);
    while (!left.isEmpty()) {
      List<ItemKey> some = left.subList(0, Math.min(WRITES_PER_CALL, left.size()));
      ObjectNode request = JsonNodeFactory.instance.objectNode();
      ObjectNode requested = request.putObject(REQUESTED);
      for (ItemKey key : some) {
        ArrayNode writes = requested.withArray("/" + key.table());
        if (before.containsKey(key)) {
          writes.addObject().putObject("PutRequest").set("Item", before.get(key));
        } else {
          writes.addObject().putObject("DeleteRequest").set("Key", key.key());
        }
      }
      HttpMessage answer = HttpMessage.of(past.answer(call.as("BatchWriteItem", request)));
      if (!answer.isSuccess()) {
        throw new IllegalStateException("the past is not kept: " + answer.json());
      }
      requireAll(answer.json());
      some.clear();
    }
  }

  @Override
  public void close() {
    try (present) {
      pastDynamoDb.close();
    }
  }
}
