package io.fleetwell.floor;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes the calls to DynamoDB and S3 that a device's upload makes, and looks at nothing: it counts, and stores. */
public final class UploadCallsHandler implements RequestStreamHandler {
  private static final Region REGION = Region.of(System.getenv("AWS_REGION"));

  private static final DynamoDbClient DYNAMODB = DynamoDbClient.builder()
      .region(REGION)
      .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
      .httpClientBuilder(UrlConnectionHttpClient.builder())
      .build();

  private static final S3Client S3 = S3Client.builder()
      .region(REGION)
      .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
      .httpClientBuilder(UrlConnectionHttpClient.builder())
      .forcePathStyle(true)
      .build();

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    TransactWriteItem count = TransactWriteItem.builder()
        .update(update -> update
            .tableName(System.getenv("UPLOAD_COUNTS_TABLE"))
            .key(Map.of(
                "deviceid", AttributeValue.fromS("FLOOR3"), "day", AttributeValue.fromS("1")))
            .updateExpression("ADD uploads :one")
            .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))))
        .build();
    DYNAMODB.transactWriteItems(request -> request.transactItems(count));
    S3.putObject(
        request -> request.bucket(System.getenv("UPLOADS_BUCKET")).key("logs/FLOOR3/floor/1.zip"),
        RequestBody.fromString("a log"));
    answer.write("{\"statusCode\":201}".getBytes(StandardCharsets.UTF_8));
  }
}
