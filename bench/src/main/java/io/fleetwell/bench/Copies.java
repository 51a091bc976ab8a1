package io.fleetwell.bench;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalAccount;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Fills tables of devices with copies of an item that a function wrote. */
final class Copies implements AutoCloseable {
  private final Map<String, String> environment;
  private final DynamoDbClient dynamoDb;

  Copies(MeasuredSystem system) {
    this.environment = system.local().environment();
    this.dynamoDb = LocalAccount.dynamoDb(URI.create(variable(Aws.DYNAMODB_ENDPOINT)));
  }

  private String variable(String name) {
    return Objects.requireNonNull(environment.get(name), name);
  }

  /**
   * Copies the last item under a partition key, with other ids of devices.
   *
   * @param table the variable that names the table
   * @param prefix of the ids
   */
  void write(String table, String key, String value, String prefix, int count) {
    Map<String, AttributeValue> last = dynamoDb
        .query(request -> request
            .tableName(variable(table))
            .consistentRead(true)
            .scanIndexForward(false)
            .keyConditionExpression("#key = :value")
            .expressionAttributeNames(Map.of("#key", key))
            .expressionAttributeValues(Map.of(":value", AttributeValue.fromS(value))))
        .items()
        .get(0);
    IntStream.range(0, count).parallel().forEach(i -> {
      Map<String, AttributeValue> copy = new HashMap<>(last);
      copy.put("deviceid", AttributeValue.fromS("%s-%07d".formatted(prefix, i)));
      dynamoDb.putItem(request -> request.tableName(variable(table)).item(copy));
    });
  }

  @Override
  public void close() {
    dynamoDb.close();
  }
}
