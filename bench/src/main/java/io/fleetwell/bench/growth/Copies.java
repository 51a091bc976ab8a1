package io.fleetwell.bench.growth;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Fills a table with copies of an item that a function wrote, 25 at once. */
final class Copies implements AutoCloseable {
  private static final int IN_A_BATCH = 25;

  private final DynamoDbClient dynamoDb;

  /** In the stores of a system with this environment. */
  Copies(Map<String, String> environment) {
    this.dynamoDb = client(environment);
  }

  static DynamoDbClient client(Map<String, String> environment) {
    return DynamoDbClient.builder()
        .endpointOverride(URI.create(required(environment, "AWS_ENDPOINT_URL_DYNAMODB")))
        .region(Region.of(required(environment, "AWS_REGION")))
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
            required(environment, "AWS_ACCESS_KEY_ID"),
            required(environment, "AWS_SECRET_ACCESS_KEY"))))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalStateException("there is no " + name);
    }
    return value;
  }

  /** An item under a partition key, by its place there. */
  Map<String, AttributeValue> item(String table, String key, String value, int place) {
    return dynamoDb
        .query(request -> request
            .tableName(table)
            .consistentRead(true)
            .keyConditionExpression("#key = :value")
            .expressionAttributeNames(Map.of("#key", key))
            .expressionAttributeValues(Map.of(":value", text(value))))
        .items()
        .get(place);
  }

  /**
   * Writes copies, and says how many there came to be.
   *
   * @param changed what is different in each from the original
   * @param longest after which it stops, whether all are written or not
   */
  int write(
      String table,
      Map<String, AttributeValue> original,
      int count,
      IntFunction<Map<String, AttributeValue>> changed,
      Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    AtomicInteger written = new AtomicInteger();
    IntStream.range(0, (count + IN_A_BATCH - 1) / IN_A_BATCH).parallel().forEach(batch -> {
      if (System.nanoTime() < end) {
        List<WriteRequest> writes = IntStream.range(
                batch * IN_A_BATCH, Math.min(count, (batch + 1) * IN_A_BATCH))
            .mapToObj(i -> copy(original, changed.apply(i)))
            .toList();
        writeAll(Map.of(table, writes));
        written.addAndGet(writes.size());
      }
    });
    return written.get();
  }

  private void writeAll(Map<String, List<WriteRequest>> writes) {
    Map<String, List<WriteRequest>> left = writes;
    while (!left.isEmpty()) {
      Map<String, List<WriteRequest>> now = left;
      left = dynamoDb.batchWriteItem(request -> request.requestItems(now)).unprocessedItems();
    }
  }

  private static WriteRequest copy(
      Map<String, AttributeValue> original, Map<String, AttributeValue> changed) {
    Map<String, AttributeValue> item = new HashMap<>(original);
    item.putAll(changed);
    return WriteRequest.builder().putRequest(put -> put.item(item)).build();
  }

  static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  @Override
  public void close() {
    dynamoDb.close();
  }
}
