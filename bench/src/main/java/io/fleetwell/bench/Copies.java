package io.fleetwell.bench;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Fills a table of a system with copies of an item that a function wrote. */
final class Copies implements AutoCloseable {
  /** DynamoDB takes no more. */
  private static final int IN_A_BATCH = 25;

  private final Map<String, String> environment;
  private final DynamoDbClient dynamoDb;

  Copies(MeasuredSystem system) {
    this.environment = system.local().environment();
    this.dynamoDb = DynamoDbClient.builder()
        .endpointOverride(URI.create(variable("AWS_ENDPOINT_URL_DYNAMODB")))
        .region(Region.of(variable("AWS_REGION")))
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
            variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"))))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private String variable(String name) {
    return Objects.requireNonNull(environment.get(name), name);
  }

  /**
   * An item under a partition key.
   *
   * @param table the variable that names the table
   * @param place of the item among those under the key
   */
  Map<String, AttributeValue> item(String table, String key, String value, int place) {
    return dynamoDb
        .query(request -> request
            .tableName(variable(table))
            .consistentRead(true)
            .keyConditionExpression("#key = :value")
            .expressionAttributeNames(Map.of("#key", key))
            .expressionAttributeValues(Map.of(":value", AttributeValue.fromS(value))))
        .items()
        .get(place);
  }

  /** @param table the variable that names the table */
  void write(String table, int count, IntFunction<Map<String, AttributeValue>> items) {
    IntStream.range(0, (count + IN_A_BATCH - 1) / IN_A_BATCH).parallel().forEach(batch -> {
      int to = Math.min(count, (batch + 1) * IN_A_BATCH);
      List<WriteRequest> writes = IntStream.range(batch * IN_A_BATCH, to)
          .mapToObj(items)
          .map(item -> WriteRequest.builder().putRequest(put -> put.item(item)).build())
          .toList();
      writeAll(Map.of(variable(table), writes));
    });
  }

  private void writeAll(Map<String, List<WriteRequest>> writes) {
    Map<String, List<WriteRequest>> left = writes;
    while (!left.isEmpty()) {
      Map<String, List<WriteRequest>> now = left;
      left = dynamoDb.batchWriteItem(request -> request.requestItems(now)).unprocessedItems();
    }
  }

  @Override
  public void close() {
    dynamoDb.close();
  }
}
