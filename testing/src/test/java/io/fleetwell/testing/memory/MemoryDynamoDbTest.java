package io.fleetwell.testing.memory;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.TableRequests;
import io.fleetwell.local.Template;
import io.fleetwell.local.Template.Index;
import io.fleetwell.local.Template.Table;
import io.fleetwell.testing.RunningSystem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** DynamoDB in memory answers as DynamoDB Local does, which keeps its records in SQLite. */
@Tag("own-stores")
@ExtendWith(RunningSystem.class)
class MemoryDynamoDbTest {
  private static final int CALLS = 300;
  private static final long SEED = 1;

  private final Random random = new Random(SEED);
  private final Table table = new Table(
      unique("Table"),
      Map.of("p", "S", "s", "S", "l", "S", "g", "S"),
      new Template.Key("p", Optional.of("s")),
      List.of(
          new Index("Local", false, new Template.Key("p", Optional.of("l")), "ALL"),
          new Index("Global", true, new Template.Key("g", Optional.of("l")), "ALL")));
  private final MemoryDynamoDb memory = new MemoryDynamoDb();
  private final DynamoDbClient local;

  MemoryDynamoDbTest(Aws aws) {
    this.local = aws.dynamoDb();
  }

  @BeforeEach
  void createTables() {
    TableRequests.createMissing(memory, List.of(table));
    TableRequests.createMissing(local, List.of(table));
  }

  @AfterEach
  void stop() {
    local.deleteTable(request -> request.tableName(table.name()));
    memory.stop();
  }

  @Test
  void everyAnswerIsThatOfDynamoDbLocal() {
    for (int i = 0; i < CALLS; i++) {
      Function<DynamoDbClient, Object> call = nextCall();
      assertThat(answer(memory, call)).as("call %d", i).isEqualTo(answer(local, call));
    }
  }

  /** What a caller sees of an answer. */
  private static Object answer(DynamoDbClient dynamoDb, Function<DynamoDbClient, Object> call) {
    try {
      return call.apply(dynamoDb).toString();
    } catch (ConditionalCheckFailedException e) {
      return e.hasItem() ? e.item() : "no item";
    } catch (TransactionCanceledException e) {
      return e.cancellationReasons().stream().map(CancellationReason::code).toList();
    } catch (DynamoDbException e) {
      return e.getClass();
    }
  }

  private Function<DynamoDbClient, Object> nextCall() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> put();
      case 2 -> update();
      case 3 -> delete();
      case 4, 5 -> write();
      case 6 -> read();
      default -> query();
    };
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private static AttributeValue number(int number) {
    return AttributeValue.fromN(String.valueOf(number));
  }

  private Map<String, AttributeValue> key() {
    return Map.of("p", text("p" + random.nextInt(2)), "s", text("s" + random.nextInt(12)));
  }

  /** The attributes of the indexes are sometimes missing. In an index, no two items are equal. */
  private Map<String, AttributeValue> item() {
    String partition = "p" + random.nextInt(2);
    String sort = "s" + random.nextInt(12);
    Map<String, AttributeValue> item = new HashMap<>(Map.of("p", text(partition), "s", text(sort)));
    if (random.nextBoolean()) {
      item.put("l", text("å" + sort + partition));
    }
    if (random.nextBoolean()) {
      item.put("g", text("g"));
    }
    item.put("version", number(random.nextInt(3)));
    item.put("map", AttributeValue.fromM(Map.of("list", AttributeValue.fromL(List.of(text("x"))))));
    return item;
  }

  private Function<DynamoDbClient, Object> put() {
    Map<String, AttributeValue> item = item();
    int version = random.nextInt(3);
    return dynamoDb -> dynamoDb.putItem(put -> put.tableName(table.name())
        .item(item)
        .conditionExpression("attribute_not_exists(p) OR version = :version")
        .expressionAttributeValues(Map.of(":version", number(version)))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
  }

  private Function<DynamoDbClient, Object> update() {
    Map<String, AttributeValue> key = key();
    AttributeValue added = AttributeValue.fromSs(List.of("a" + random.nextInt(3)));
    return dynamoDb -> dynamoDb.updateItem(update -> update
        .tableName(table.name())
        .key(key)
        .updateExpression("SET first = if_not_exists(first, :one) ADD times :one, texts :added")
        .conditionExpression("attribute_not_exists(texts) OR size(texts) < :two")
        .expressionAttributeValues(Map.of(":one", number(1), ":two", number(2), ":added", added)));
  }

  private Function<DynamoDbClient, Object> delete() {
    Map<String, AttributeValue> key = key();
    return dynamoDb -> dynamoDb.deleteItem(delete ->
        delete.tableName(table.name()).key(key).conditionExpression("attribute_exists(texts)"));
  }

  /** A transaction of three writes, any of which may fail. Tokens occur twice. */
  private Function<DynamoDbClient, Object> write() {
    List<TransactWriteItem> writes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Map<String, AttributeValue> item = item();
      writes.add(TransactWriteItem.builder()
          .put(put -> put.tableName(table.name())
              .item(item)
              .conditionExpression("attribute_not_exists(version) OR version < :two")
              .expressionAttributeValues(Map.of(":two", number(2))))
          .build());
    }
    String token = table.name().substring(0, 20) + random.nextInt(60);
    return dynamoDb -> dynamoDb.transactWriteItems(
        request -> request.transactItems(writes).clientRequestToken(token));
  }

  private Function<DynamoDbClient, Object> read() {
    List<Map<String, AttributeValue>> keys =
        IntStream.range(0, 4).mapToObj(i -> key()).distinct().toList();
    if (keys.size() == 1) {
      return dynamoDb -> dynamoDb.getItem(get -> get.tableName(table.name()).key(keys.get(0)));
    }
    KeysAndAttributes wanted =
        KeysAndAttributes.builder().keys(keys).consistentRead(true).build();
    return dynamoDb -> List.copyOf(dynamoDb
        .batchGetItem(get -> get.requestItems(Map.of(table.name(), wanted)))
        .responses()
        .get(table.name()));
  }

  /** All pages of a query, in either direction. */
  private Function<DynamoDbClient, Object> query() {
    Optional<Index> index = random.nextBoolean()
        ? Optional.empty()
        : Optional.of(table.indexes().get(random.nextInt(2)));
    Template.Key key = index.map(Index::key).orElse(table.key());
    String condition = key.partition() + " = :partition AND " + key.sort().orElseThrow()
        + (random.nextBoolean() ? " > :from" : " BETWEEN :from AND :to");
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":partition", text(key.partition().equals("g") ? "g" : "p" + random.nextInt(2)));
    values.put(":from", text(key.sort().equals(Optional.of("l")) ? "ås1" : "s1"));
    if (condition.contains(":to")) {
      values.put(":to", text("ås9"));
    }
    boolean ascending = random.nextBoolean();
    return dynamoDb -> dynamoDb
        .queryPaginator(query -> query
            .tableName(table.name())
            .indexName(index.map(Index::name).orElse(null))
            .keyConditionExpression(condition)
            .expressionAttributeValues(values)
            .scanIndexForward(ascending)
            .limit(3))
        .items()
        .stream()
        .toList();
  }
}
