package io.fleetwell.floor;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/**
 * Reads one item, with a client as the SDK's guide advises for Lambda ("Reduce SDK startup time for AWS Lambda"): made
 * once, on the JDK's HTTP client, and told where region and credentials come from.
 */
public final class GetItemHandler implements RequestStreamHandler {
  private static final DynamoDbClient DYNAMODB = DynamoDbClient.builder()
      .region(Region.of(System.getenv("AWS_REGION")))
      .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
      .httpClientBuilder(UrlConnectionHttpClient.builder())
      .build();

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    GetItemResponse response = DYNAMODB.getItem(request -> request
        .tableName(System.getenv("DEVICES_TABLE"))
        .key(Map.of("deviceid", AttributeValue.fromS("FLOOR1"))));
    answer.write("{\"statusCode\":%d}"
        .formatted(response.hasItem() ? 200 : 404)
        .getBytes(StandardCharsets.UTF_8));
  }
}
