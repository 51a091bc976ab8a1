package io.fleetwell.device;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Attributes;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The lists of a user with many devices that are as large as they can be. */
@ExtendWith(RunningSystem.class)
class LargeDevicesHttpTest {
  /** 2,000 values and 64,000 bytes. */
  private static final String DETAILS =
      "{'a': [%s1]}".formatted("1234567890123456789012345678901,".repeat(1_999));

  private final Api api;
  private final Aws aws;
  private final String user = unique("alice");
  private final Caller alice;

  LargeDevicesHttpTest(Api api, Aws aws) {
    this.api = api;
    this.aws = aws;
    this.alice = api.user(user);
  }

  private static List<String> ids(int count) {
    String prefix = unique("device");
    return IntStream.range(100, 100 + count).mapToObj(i -> prefix + "-" + i).toList();
  }

  private static void assertCreated(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
  }

  private void assertEachIsListedOnce(List<String> ids, String list) {
    List<String> found = new ArrayList<>();
    String cursor = "";
    do {
      Answer page = alice.get(list + "?limit=100" + cursor);
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      page.json().path("devices").forEach(it -> found.add(it.path("deviceid").asText()));
      cursor = page.json().has("next") ? "&cursor=" + page.json().path("next").asText() : "";
    } while (!cursor.isEmpty());
    assertThat(found).isEqualTo(ids);
  }

  @Test
  void ofDevicesThatTold65KilobytesOfNumbersEachIsListedOnce() {
    List<String> ids = ids(100);
    for (String id : ids) {
      assertCreated(api.device(id).put("/v1/devices/" + id, DETAILS));
      assertCreated(alice.put("/v1/user/devices/owner/" + id));
    }
    assertEachIsListedOnce(ids, "/v1/user/devices");
    assertEachIsListedOnce(ids, "/v1/user/devices/owner");
  }

  @Test
  void ofRegistrationsWith65KilobytesOfNumbersEachIsListedOnce() {
    List<String> ids = ids(40);
    ids.forEach(id -> assertCreated(alice.put("/v1/user/devices/" + id, DETAILS)));
    assertEachIsListedOnce(ids, "/v1/user/devices");
  }

  /** Earlier releases allowed 65,536 bytes of any JSON. DynamoDB sends 5 MB for these devices. */
  @Test
  void ofDevicesThatTold32500NumbersEachIsListedOnce() {
    AttributeValue ones = AttributeValue.fromL(Collections.nCopies(32_500, Attributes.number(1)));
    List<String> ids = ids(16);
    ids.forEach(id -> putDevice(id, ones));
    assertEachIsListedOnce(ids, "/v1/user/devices");
    assertEachIsListedOnce(ids, "/v1/user/devices/owner");
  }

  /** Puts a device into the tables, with an owner who did not describe it. */
  private void putDevice(String id, AttributeValue detail) {
    Map<String, AttributeValue> common = Map.of(
        "deviceid", Attributes.text(id),
        "version", Attributes.number(1),
        "updated", Attributes.number(0),
        "writeids", AttributeValue.fromL(List.of()));
    put(
        "DEVICES_TABLE",
        common,
        Map.of(
            "details", AttributeValue.fromM(Map.of("a", detail)),
            "authors", AttributeValue.fromM(Map.of()),
            "owner", Attributes.text(user),
            "claimid", Attributes.text("c"),
            "created", Attributes.number(0)));
    put(
        "USER_DEVICES_TABLE",
        common,
        Map.of("userid", Attributes.text(user), "owneddeviceid", Attributes.text(id)));
  }

  private void put(
      String table, Map<String, AttributeValue> common, Map<String, AttributeValue> more) {
    Map<String, AttributeValue> item = new HashMap<>(common);
    item.putAll(more);
    aws.dynamoDb()
        .putItem(request -> request.tableName(aws.environment().text(table)).item(item));
  }
}
