package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Attributes;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Reads and changes items of the tables {@code Devices} and {@code UserDevices} that the release of 2026-11-27 wrote,
 * before told facts and the words of users were apart.
 *
 * <p>Device 1 told its type, serial number and version; Mallory and Alice registered it. Alice owns device 2, of which
 * only she spoke. Device 3 has a claim code, and Mallory registered device 4 with the serial number of device 1.
 */
@ExtendWith(RunningSystem.class)
class EarlierDevicesTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";

  private final Api api;
  private final Aws aws;
  private final String prefix = unique("device") + "-";
  private final String serial = unique("serial");
  private final String aliceId = unique("alice");
  private final String malloryId = unique("mallory");
  private final Caller alice;
  private final Caller mallory;

  EarlierDevicesTest(Api api, Aws aws) {
    this.api = api;
    this.aws = aws;
    this.alice = api.user(aliceId);
    this.mallory = api.user(malloryId);
  }

  @BeforeEach
  void putItems() throws IOException {
    JsonNode tables = tables();
    put("DEVICES_TABLE", tables.path("Devices"));
    put("USER_DEVICES_TABLE", tables.path("UserDevices"));
  }

  private JsonNode tables() throws IOException {
    try (InputStream in =
        EarlierDevicesTest.class.getResourceAsStream("earlier-device-items.json")) {
      String tables = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      return Api.JSON.readTree(tables
          .replace("DEVICE-", prefix)
          .replace("SERIAL-1", serial)
          .replace("ALICE", aliceId)
          .replace("MALLORY", malloryId));
    }
  }

  private void put(String table, JsonNode items) {
    items.forEach(item -> aws.dynamoDb()
        .putItem(put -> put.tableName(aws.environment().text(table))
            .item(Attributes.ofJson(item).m())));
  }

  private Device device(int number) {
    return DynamoDbDeviceReader.from(aws)
        .read(prefix + number, Optional.empty())
        .device()
        .orElseThrow();
  }

  private ObjectNode details(String text) {
    return (ObjectNode) json(text.replace("SERIAL", serial));
  }

  @Test
  void fieldsWithAnAuthorAreWordsExceptTheVersion() {
    assertThat(device(1).details().told())
        .isEqualTo(
            details(
                "{'devicetype': 'Speaker', 'serial': 'SERIAL', 'volume': 3, 'versioninfo': {'firmware': '1.0.0', 'bt': '7'}}"));
    assertThat(device(1).details().words())
        .isEqualTo(
            details(
                "{'region': 'se', 'devicename': 'Mallory', 'brand': 'B', 'location': {'city': 'Kiel', 'country': 'de'}}"));
    assertThat(device(2).details().told())
        .isEqualTo(details("{'versioninfo': {'firmware': '1.0.0'}}"));
    assertThat(device(4).details().told()).isEqualTo(details("{}"));
  }

  @Test
  void aBystandersWordsNoLongerDecide() {
    assertThat(device(1).facts().text("region")).isEmpty();
    assertThat(device(4).facts().text("devicetype")).isEmpty();
    assertThat(device(2).facts().text("devicetype")).contains("Speaker");
  }

  @Test
  void anyChangeRewritesTheItem() {
    Device before = device(1);
    assertThat(api.device(prefix + 1)
            .put("/v1/devices/" + prefix + 1, "{'volume': 4}")
            .status())
        .isEqualTo(200);
    assertThat(device(1).details().told().remove("volume")).isEqualTo(json("4"));
    assertThat(device(1).details().words()).isEqualTo(before.details().words());
    assertThat(device(1).sources()).containsExactly("DEVICE");
  }

  @Test
  void aClaimLeavesOnlyWhatTheClaimerRegistered() {
    Answer claimed = alice.put("/v1/user/devices/owner/" + prefix + 1);
    assertThat(claimed.status()).isEqualTo(201);
    assertThat(claimed.json())
        .isEqualTo(details(
            "{'deviceid': '%s1', 'devicetype': 'Speaker', 'serial': 'SERIAL', 'volume': 3, 'versioninfo': {'firmware': '1.0.0', 'bt': '7'}, 'brand': 'B', 'location': {'city': 'Kiel'}}"
                .formatted(prefix)));
  }

  @Test
  void anOwnerReleasesAndTheVersionStays() {
    assertThat(alice.delete("/v1/user/devices/owner/" + prefix + 2).status()).isEqualTo(204);
    assertThat(device(2).details().shown())
        .isEqualTo(details("{'versioninfo': {'firmware': '1.0.0'}}"));
  }

  /** The version counts as told, but nobody knows that the device itself told it. */
  @Test
  void aSquatterIsEvictedIfNobodyElseWroteTheRecord() {
    Answer line = api.operator()
        .importKeys(
            "{'deviceid': '%s2', 'claimcode': '%s', 'evict': true}".formatted(prefix, CODE));
    assertThat(line.json().path("evicted").asBoolean()).as(line.text()).isTrue();
    assertThat(device(2).ownership()).isEmpty();
  }

  @Test
  void aClaimCodeStillOpensItsDevice() {
    String path = "/v1/user/devices/owner/" + prefix + 3;
    assertThat(alice.put(path).problem()).isEqualTo("claim-code");
    assertThat(alice.put(path, "{'claimcode': '%s'}".formatted(CODE)).status()).isEqualTo(201);
  }

  @Test
  void aRecordThatOnlyAUserWroteGoesWithTheirRegistration() {
    assertThat(mallory.delete("/v1/user/devices/" + prefix + 4).status()).isEqualTo(204);
    assertThat(api.operator().get("/v1/devices/" + prefix + 4).status()).isEqualTo(404);
  }

  @Test
  void anOperatorFindsTheDeviceThatToldItsSerial() {
    assertThat(api.operator()
            .get("/v1/devices?serial=" + serial)
            .json()
            .path("deviceid")
            .asText())
        .isEqualTo(prefix + 1);
  }
}
