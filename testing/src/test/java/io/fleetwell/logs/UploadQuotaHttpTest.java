package io.fleetwell.logs;

import static io.fleetwell.testing.ZippedLogs.zip;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.UploadsBucket;
import io.fleetwell.testing.ZippedLogs;
import io.fleetwell.testing.journey.RecordedEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A deployment in which a device may upload two files a day. */
class UploadQuotaHttpTest {
  private static final String ID = "D1";

  private ClockedSystem system;
  private Api api;
  private Caller device;

  @BeforeEach
  void start() throws Exception {
    system = new ClockedSystem(Map.of("UploadsPerDay", "2"));
    api = system.api();
    device = api.device(ID);
  }

  @AfterEach
  void stop() throws Exception {
    system.close();
  }

  private static Answer upload(Caller caller, String content) {
    return ZippedLogs.upload(caller, "/v1/devices/" + ID + "/logs/log", zip(content));
  }

  private List<String> stored() {
    try (UploadsBucket bucket = new UploadsBucket(api.system())) {
      return bucket.keys("logs/" + ID + "/");
    }
  }

  @Test
  void anUploadOverTheQuotaIsRefusedUntilTheNextDayAndNotStored() {
    assertThat(upload(device, "one").status()).isEqualTo(201);
    assertThat(upload(device, "two").status()).isEqualTo(201);
    Answer refused = upload(device, "three");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.problem()).isEqualTo("too-many-uploads");
    Duration wait = Duration.ofSeconds(Long.parseLong(refused.header("retry-after")));
    assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofDays(1));
    assertThat(stored()).hasSize(2);
    system.clock().pass(wait);
    assertThat(upload(api.device(ID), "three").status()).isEqualTo(201);
  }

  @Test
  void aRefusedUploadDoesNotCount() {
    for (int i = 0; i < 5; i++) {
      byte[] broken = "no zip".getBytes(StandardCharsets.UTF_8);
      assertThat(ZippedLogs.upload(device, "/v1/devices/D1/logs/log", broken).status())
          .isEqualTo(422);
    }
    assertThat(upload(device, "one").status()).isEqualTo(201);
    assertThat(upload(device, "two").status()).isEqualTo(201);
  }

  @Test
  void aUserDoesNotUseTheQuotaOfTheDevice() {
    assertThat(device.put("/v1/devices/D1", "{}").status()).isEqualTo(201);
    Caller mallory = api.user("mallory");
    assertThat(mallory.put("/v1/user/devices/D1", "{}").status()).isEqualTo(201);
    for (String content : List.of("one", "two")) {
      assertThat(upload(mallory, content).status()).isEqualTo(201);
    }
    assertThat(upload(mallory, "three").status()).isEqualTo(429);
    assertThat(upload(device, "four").status()).isEqualTo(201);
  }

  @Test
  void ownerAndOperatorDoNotUseTheQuotaOfEachOtherOrOfTheDevice() {
    Caller owner = api.user("olivia");
    assertThat(owner.put("/v1/user/devices/owner/D1").status()).isEqualTo(201);
    Map<String, Caller> senders =
        Map.of("owner", owner, "operator", api.operator(), "device", device);
    senders.forEach((name, sender) -> {
      assertThat(upload(sender, name + 1).status()).isEqualTo(201);
      assertThat(upload(sender, name + 2).status()).isEqualTo(201);
      assertThat(upload(sender, name + 3).status()).isEqualTo(429);
    });
    assertThat(stored()).hasSize(6);
  }

  @Test
  void aUserHasOneQuotaForAllDevices() {
    Caller mallory = api.user("mallory");
    List<Integer> statuses = new ArrayList<>();
    for (String made : List.of("M1", "M2", "M3")) {
      assertThat(mallory.put("/v1/user/devices/owner/" + made).status()).isEqualTo(201);
      statuses.add(ZippedLogs.upload(mallory, "/v1/devices/" + made + "/logs/log", zip(made))
          .status());
      assertThat(mallory.delete("/v1/user/devices/owner/" + made).status()).isEqualTo(204);
    }
    assertThat(statuses).containsExactly(201, 201, 429);
  }

  private int invoke(Map<String, String> environment) throws IOException {
    try (Aws aws = new Aws(environment, system.clock())) {
      return new LambdaFunction(system.system().template().function("UploadLog"), aws, line -> {})
          .invoke(RecordedEvents.event("UploadLog", ID))
          .path("statusCode")
          .asInt();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_ENDPOINT_URL_S3, http://127.0.0.1:1, 503",
    "UPLOADS_BUCKET, no-such-bucket, 500",
  })
  void aFailedUploadDoesNotCount(String variable, String wrong, int status) throws IOException {
    Map<String, String> withoutBucket = new HashMap<>(system.system().environment());
    withoutBucket.put(variable, wrong);
    for (int i = 0; i < 3; i++) {
      assertThat(invoke(withoutBucket)).isEqualTo(status);
    }
    assertThat(invoke(system.system().environment())).isEqualTo(201);
    assertThat(upload(device, "another").status()).isEqualTo(201);
  }
}
