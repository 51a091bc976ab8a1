package io.fleetwell.testing;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.Stores;
import io.fleetwell.local.TableRequests;
import io.fleetwell.local.Template;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A system's own tables and buckets in a running DynamoDB and S3. They are deleted when the system ends. */
final class StoresElsewhere implements Stores {
  private final Map<String, String> environment;
  private final DynamoDbClient dynamoDb;
  private final S3Client s3;
  private final String prefix = Api.unique("fleetwell") + "-";
  private final List<String> tables = new ArrayList<>();
  private final List<String> buckets = new ArrayList<>();

  /**
   * @param environment the variables that lead to the stores
   */
  StoresElsewhere(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.dynamoDb =
        LocalAccount.dynamoDb(URI.create(String.valueOf(environment.get(Aws.DYNAMODB_ENDPOINT))));
    this.s3 = UploadsBucket.client(environment);
  }

  /** Adds a prefix, as CloudFormation adds the stack's name. S3 allows no capitals. */
  @Override
  public String nameOf(String resource) {
    return (prefix + resource).toLowerCase(Locale.ROOT);
  }

  @Override
  public void create(List<Template.Table> asked, List<String> names) {
    TableRequests.createMissing(dynamoDb, asked);
    asked.forEach(table -> tables.add(table.name()));
    for (String name : names) {
      s3.createBucket(request -> request.bucket(name));
      buckets.add(name);
    }
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public void close() {
    try (dynamoDb;
        s3) {
      tables.forEach(table -> dynamoDb.deleteTable(request -> request.tableName(table)));
      buckets.forEach(this::delete);
    }
  }

  /** Empties the bucket first, since S3 deletes only empty buckets. */
  private void delete(String bucket) {
    s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .forEach(key -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
    s3.deleteBucket(request -> request.bucket(bucket));
  }
}
