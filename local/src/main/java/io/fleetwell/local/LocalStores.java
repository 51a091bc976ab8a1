package io.fleetwell.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** DynamoDB Local and s3proxy in this process, with the data in a folder. */
public final class LocalStores implements Stores {
  static final String DYNAMODB = "dynamodb";
  static final String S3 = "s3";

  private final Background<LocalDynamoDb> dynamoDb;
  private final Background<LocalS3> s3;

  private LocalStores(Background<LocalDynamoDb> dynamoDb, Background<LocalS3> s3) {
    this.dynamoDb = dynamoDb;
    this.s3 = s3;
  }

  /** Each takes most of a second to start, so both start in the background. The first use waits. */
  public static Stores start(Path data) {
    return new LocalStores(
        Background.start(() -> LocalDynamoDb.start(DataFolder.create(data.resolve(DYNAMODB)))),
        Background.start(() -> LocalS3.start(DataFolder.create(data.resolve(S3)))));
  }

  /** The name itself, because each system has its own folder. */
  @Override
  public String nameOf(String resource) {
    return resource;
  }

  @Override
  public void create(List<Template.Table> tables, List<String> buckets) {
    dynamoDb.get().createTables(tables);
    s3.get().createBuckets(buckets);
  }

  @Override
  public Map<String, String> environment() {
    return LocalAccount.environment(
        dynamoDb.get().endpoint(), s3.get().endpoint(), s3.get().secret());
  }

  @Override
  public void close() {
    try (dynamoDb) {
      s3.close();
    }
  }
}
