package io.fleetwell.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.LocalStores;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Stores;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Runs on a DynamoDB Local and an s3proxy beside the system, instead of LocalStack. */
@Tag("own-stores")
class StoresElsewhereTest {
  @TempDir
  Path folder;

  private Stores stores;

  @BeforeEach
  void start() {
    stores = LocalStores.start(folder.resolve("stores"));
  }

  @AfterEach
  void stop() {
    stores.close();
  }

  private LocalSystem system(String name) throws Exception {
    return LocalSystem.start(
        Project.settings(folder.resolve(name)), data -> new StoresElsewhere(stores.environment()));
  }

  private static void uploadTo(LocalSystem system) throws Exception {
    var event =
        Api.JSON.readTree(Project.FOLDER.resolve("events/UploadLog.json").toFile());
    var answer = new Api(system)
        .device("D1")
        .with("content-type", event.path("headers").path("content-type").asText())
        .send("POST", "/v1/devices/D1/logs/log", event.path("body").binaryValue());
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
  }

  @Test
  void systemsOnTheSameStoresAreIsolated() throws Exception {
    try (LocalSystem one = system("one");
        LocalSystem other = system("other");
        UploadsBucket uploads = new UploadsBucket(other)) {
      new Api(one).device("D1").put("/v1/devices/D1", "{}");
      uploadTo(one);
      assertThat(new Api(other).device("D1").get("/v1/devices/D1").status()).isEqualTo(404);
      assertThat(uploads.keys("")).isEmpty();
    }
  }

  @Test
  void aSystemDeletesItsTablesAndBucketsWhenItEnds() throws Exception {
    try (LocalSystem system = system("one")) {
      uploadTo(system);
    }
    URI dynamoDb =
        URI.create(Objects.requireNonNull(stores.environment().get(Aws.DYNAMODB_ENDPOINT)));
    try (DynamoDbClient tables = LocalAccount.dynamoDb(dynamoDb);
        S3Client buckets = UploadsBucket.client(stores.environment())) {
      assertThat(tables.listTables().tableNames()).isEmpty();
      assertThat(buckets.listBuckets().buckets()).isEmpty();
    }
  }
}
