package io.fleetwell.floor;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Makes the calls to DynamoDB that a claim with a code makes, and decides nothing: it looks, counts two attempts, looks
 * again, writes six items at once, and deletes the two counts.
 */
public final class ClaimCallsHandler implements RequestStreamHandler {
  private static final DynamoDbClient DYNAMODB = DynamoDbClient.builder()
      .region(Region.of(System.getenv("AWS_REGION")))
      .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
      .httpClientBuilder(UrlConnectionHttpClient.builder())
      .build();

  private static final Map<String, AttributeValue> DEVICE = Map.of("deviceid", text("FLOOR2"));
  private static final Map<String, AttributeValue> REGISTRATION =
      Map.of("userid", text("floor"), "deviceid", text("FLOOR2"));

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    look();
    count("floor#1");
    count("floor#2");
    look();
    DYNAMODB.transactWriteItems(request -> request.transactItems(
        put("DEVICES_TABLE", DEVICE),
        put("USER_DEVICES_TABLE", REGISTRATION),
        put("HISTORY_TABLE", Map.of("deviceid", text("FLOOR2"), "position", text("1"))),
        add("USER_DEVICES_TABLE", Map.of("userid", text("floor"), "deviceid", text("#"))),
        add("HISTORY_TABLE", Map.of("deviceid", text("#floor"), "position", text("1"))),
        add("CLAIM_ATTEMPTS_TABLE", Map.of("subject", text("floor#3")))));
    Stream.of("floor#1", "floor#2")
        .forEach(subject -> DYNAMODB.deleteItem(request -> request
            .tableName(System.getenv("CLAIM_ATTEMPTS_TABLE"))
            .key(Map.of("subject", text(subject)))));
    answer.write("{\"statusCode\":201}".getBytes(StandardCharsets.UTF_8));
  }

  private static void look() {
    DYNAMODB.batchGetItem(request -> request.requestItems(Map.of(
        System.getenv("DEVICES_TABLE"),
            KeysAndAttributes.builder().keys(List.of(DEVICE)).build(),
        System.getenv("USER_DEVICES_TABLE"),
            KeysAndAttributes.builder().keys(List.of(REGISTRATION)).build())));
  }

  private static void count(String subject) {
    DYNAMODB.updateItem(request -> request
        .tableName(System.getenv("CLAIM_ATTEMPTS_TABLE"))
        .key(Map.of("subject", text(subject)))
        .updateExpression("ADD attempts :one")
        .conditionExpression("attribute_not_exists(attempts) OR size(attempts) < :most")
        .expressionAttributeValues(
            Map.of(":one", AttributeValue.fromSs(List.of("1")), ":most", number(20))));
  }

  private static TransactWriteItem put(String table, Map<String, AttributeValue> item) {
    return TransactWriteItem.builder()
        .put(put -> put.tableName(System.getenv(table)).item(item))
        .build();
  }

  private static TransactWriteItem add(String table, Map<String, AttributeValue> key) {
    return TransactWriteItem.builder()
        .update(update -> update
            .tableName(System.getenv(table))
            .key(key)
            .updateExpression("ADD #count :one")
            .expressionAttributeNames(Map.of("#count", "count"))
            .expressionAttributeValues(Map.of(":one", number(1))))
        .build();
  }

  private static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  private static AttributeValue number(int value) {
    return AttributeValue.fromN(String.valueOf(value));
  }
}
