package io.fleetwell.local;

import io.fleetwell.local.Template.Index;
import io.fleetwell.local.Template.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.Projection;

/** Creates the tables of the template in DynamoDB. */
public final class TableRequests {
  private TableRequests() {}

  /** Creates the missing tables. */
  public static void createMissing(DynamoDbClient client, List<Table> tables) {
    Set<String> present = Set.copyOf(client.listTables().tableNames());
    tables.stream()
        .filter(table -> !present.contains(table.name()))
        .forEach(table -> client.createTable(request(table)));
  }

  private static CreateTableRequest request(Table table) {
    List<AttributeDefinition> attributes = new ArrayList<>();
    table
        .attributes()
        .forEach((name, type) -> attributes.add(AttributeDefinition.builder()
            .attributeName(name)
            .attributeType(type)
            .build()));
    List<GlobalSecondaryIndex> global = table.indexes().stream()
        .filter(Index::global)
        .map(TableRequests::globalIndex)
        .toList();
    List<LocalSecondaryIndex> local = table.indexes().stream()
        .filter(index -> !index.global())
        .map(TableRequests::localIndex)
        .toList();
    return CreateTableRequest.builder()
        .tableName(table.name())
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .attributeDefinitions(attributes)
        .keySchema(keySchema(table.key()))
        .globalSecondaryIndexes(nullIfEmpty(global))
        .localSecondaryIndexes(nullIfEmpty(local))
        .build();
  }

  private static GlobalSecondaryIndex globalIndex(Index index) {
    return GlobalSecondaryIndex.builder()
        .indexName(index.name())
        .keySchema(keySchema(index.key()))
        .projection(projection(index))
        .build();
  }

  private static LocalSecondaryIndex localIndex(Index index) {
    return LocalSecondaryIndex.builder()
        .indexName(index.name())
        .keySchema(keySchema(index.key()))
        .projection(projection(index))
        .build();
  }

  private static Projection projection(Index index) {
    return Projection.builder().projectionType(index.projection()).build();
  }

  private static List<KeySchemaElement> keySchema(Template.Key key) {
    List<KeySchemaElement> schema = new ArrayList<>();
    schema.add(KeySchemaElement.builder()
        .attributeName(key.partition())
        .keyType(KeyType.HASH)
        .build());
    key.sort()
        .ifPresent(sort -> schema.add(KeySchemaElement.builder()
            .attributeName(sort)
            .keyType(KeyType.RANGE)
            .build()));
    return schema;
  }

  /** DynamoDB refuses an empty list of indexes. */
  private static <T> @Nullable List<T> nullIfEmpty(List<T> list) {
    return list.isEmpty() ? null : list;
  }
}
