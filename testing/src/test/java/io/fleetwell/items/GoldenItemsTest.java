package io.fleetwell.items;

import static io.fleetwell.testing.Api.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.TestClock;
import io.fleetwell.testing.ZippedLogs;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of all tables, as each release wrote them in {@link #play}. They stay as they are. A release that writes fewer
 * attributes names them in {@link #NO_LONGER_WRITTEN}. One that writes others adds a file of its own, with which {@link
 * #thisReleaseWritesSuchItems} goes on, and keeps the earlier ones, which it must read and change.
 */
@Tag("own-stores")
class GoldenItemsTest {
  private static final String OF_THIS_RELEASE = "items-with-audit.json";
  private static final Instant WRITTEN = Instant.parse("2026-11-28T03:17:13Z");

  /** Attributes of the golden items that this release reads, and does not write. */
  private static final Map<String, Set<String>> NO_LONGER_WRITTEN =
      Map.of("FIRMWARE_TABLE", Set.of("writeid"));

  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";
  private static final String WRONG_CODE = "7H3K-9QZM-2XW4-TD6A";
  private static final DeviceSigner FIRST_KEY = new DeviceSigner("DEVICE-1", "k1");
  private static final DeviceSigner SECOND_KEY = new DeviceSigner("DEVICE-1", "k2");

  private ClockedSystem system;
  private Aws aws;
  private Caller alice;
  private Caller bob;
  private Caller device;
  private Caller operator;

  @BeforeEach
  void start() throws Exception {
    system = new ClockedSystem(Map.of(), new TestClock(WRITTEN));
    aws = system.aws();
    Api api = system.api();
    alice = api.user("ALICE");
    bob = api.user("BOB");
    device = api.device("DEVICE-1");
    operator = api.operator();
  }

  @AfterEach
  void stop() throws IOException {
    aws.close();
    system.close();
  }

  /** Alice and Bob register device 1, which tells of itself and has two keys. Alice owns device 2, which has a code. */
  private void play() {
    alice.put(
        "/v1/user/devices/DEVICE-1",
        "{'devicename': 'Kitchen', 'serial': 'SERIAL-1', 'presets': [{'presetnumber': 1, 'n': null, 'x': 1.50}]}");
    bob.put("/v1/user/devices/DEVICE-1", "{'devicename': 'Mine', 'location': {'city': 'Kiel'}}");
    alice.put("/v1/user/devices/DEVICE-1", "{'location': {'country': 'de'}}");
    device.put(
        "/v1/devices/DEVICE-1",
        "{'devicetype': 'Speaker', 'region': 'eu', 'serial': 'SERIAL-1', 'versioninfo': {'firmware': '1.0.0', 'bt': '7'}, 'volume': 3}");
    operator.put("/v1/devices/DEVICE-2/claimcode", "{'claimcode': '%s'}".formatted(CODE));
    claim(bob, WRONG_CODE);
    claim(alice, CODE);
    alice.put("/v1/user/devices/DEVICE-2", "{'devicename': 'Hall'}");
    operator.importKeys(
        "{'deviceid': 'DEVICE-3', 'facts': {'devicetype': 'Speaker', 'power': {'voltage': 12}}}");
    bob.put("/v1/user/devices/owner/DEVICE-2");
    device.put(FIRST_KEY.path(), FIRST_KEY.jwk());
    operator.put(
        SECOND_KEY.path(), SECOND_KEY.jwk().replace("{", "{\"expires\":\"2099-01-01T00:00:00Z\","));
    upload(device, 1, "x");
    upload(alice, 1, "y");
    upload(alice, 2, "z");
    upload(operator, 1, "o");
    publish(
        "'version': '2.0.0', 'region': 'eu', 'serial-regex': 'SERIAL-.*', 'mandatory': true, 'releasenotes': [{'lang': 'en', 'body': 'New.'}]");
    publish("'version': '3.0.0-rc1', 'region': 'EU', 'test': true");
  }

  private static Answer claim(Caller user, String code) {
    return user.put("/v1/user/devices/owner/DEVICE-2", "{'claimcode': '%s'}".formatted(code));
  }

  private static Answer upload(Caller caller, int number, String content) {
    return ZippedLogs.upload(
        caller, "/v1/devices/DEVICE-%d/logs/crash".formatted(number), ZippedLogs.zip(content));
  }

  private void publish(String fields) {
    operator.post(
        "/v1/firmware",
        "{'devicetype': 'Speaker', 'downloadurl': 'https://firmware.example.com/1', %s}"
            .formatted(fields));
  }

  private static JsonNode golden(String file) throws IOException {
    try (InputStream in = GoldenItemsTest.class.getResourceAsStream(file)) {
      return Api.JSON.readTree(new String(Objects.requireNonNull(in).readAllBytes(), UTF_8));
    }
  }

  /** Puts the golden items, each with an attribute that no release knows if one is given. */
  private void putGolden(String file, Map<String, AttributeValue> unknown) throws IOException {
    golden(file)
        .properties()
        .forEach(table -> table.getValue().forEach(item -> {
          Map<String, AttributeValue> attributes = mapOf(item);
          attributes.putAll(unknown);
          aws.dynamoDb()
              .putItem(
                  put -> put.tableName(aws.environment().text(table.getKey())).item(attributes));
        }));
  }

  private static Map<String, AttributeValue> mapOf(JsonNode item) {
    Map<String, AttributeValue> map = new TreeMap<>();
    item.properties().forEach(it -> map.put(it.getKey(), valueOf(it.getValue())));
    return map;
  }

  /** Reads DynamoDB's own JSON. */
  private static AttributeValue valueOf(JsonNode typed) {
    Map.Entry<String, JsonNode> only = typed.properties().iterator().next();
    JsonNode value = only.getValue();
    return switch (only.getKey()) {
      case "S" -> AttributeValue.fromS(value.asText());
      case "N" -> AttributeValue.fromN(value.asText());
      case "BOOL" -> AttributeValue.fromBool(value.asBoolean());
      case "NULL" -> AttributeValue.fromNul(true);
      case "B" -> AttributeValue.fromB(SdkBytes.fromByteArray(bytes(value)));
      case "SS" ->
        AttributeValue.fromSs(value.valueStream().map(JsonNode::asText).toList());
      case "L" ->
        AttributeValue.fromL(value.valueStream().map(GoldenItemsTest::valueOf).toList());
      case "M" -> AttributeValue.fromM(mapOf(value));
      default -> throw new IllegalArgumentException(only.getKey());
    };
  }

  private static byte[] bytes(JsonNode value) {
    try {
      return value.binaryValue();
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The names and types of the attributes of each item. */
  private static String form(String table, Map<String, AttributeValue> item) {
    List<String> attributes = new ArrayList<>();
    new TreeMap<>(item).forEach((name, value) -> attributes.add(name + ":" + value.type()));
    return table + " " + attributes;
  }

  private Stream<Map<String, AttributeValue>> stored(String table) {
    return aws
        .dynamoDb()
        .scanPaginator(scan -> scan.tableName(aws.environment().text(table)))
        .items()
        .stream();
  }

  @Test
  void thisReleaseWritesSuchItems() throws IOException {
    play();
    List<String> expected = new ArrayList<>();
    List<String> written = new ArrayList<>();
    golden(OF_THIS_RELEASE).properties().forEach(table -> {
      table.getValue().forEach(item -> {
        Map<String, AttributeValue> attributes = mapOf(item);
        attributes.keySet().removeAll(NO_LONGER_WRITTEN.getOrDefault(table.getKey(), Set.of()));
        expected.add(form(table.getKey(), attributes));
      });
      stored(table.getKey()).forEach(item -> written.add(form(table.getKey(), item)));
    });
    assertThat(written).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static JsonNode read(Caller caller, String path) {
    Answer answer = caller.get(path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  @ParameterizedTest
  @ValueSource(strings = {"items-2026-11-28.json", OF_THIS_RELEASE})
  void theItemsAreRead(String file) throws IOException {
    putGolden(file, Map.of());
    assertThat(read(operator, "/v1/devices/DEVICE-1"))
        .isEqualTo(
            json(
                "{'deviceid': 'DEVICE-1', 'devicename': 'Mine', 'devicetype': 'Speaker', 'region': 'eu', 'serial': 'SERIAL-1', 'versioninfo': {'firmware': '1.0.0', 'bt': '7'}, 'volume': 3, 'location': {'city': 'Kiel', 'country': 'de'}, 'presets': [{'presetnumber': 1, 'n': null, 'x': 1.50}]}"));
    assertThat(read(alice, "/v1/devices?serial=SERIAL-1").path("deviceid").asText())
        .isEqualTo("DEVICE-1");
    assertThat(read(alice, "/v1/user/devices").path("devices").findValuesAsText("deviceid"))
        .containsExactly("DEVICE-1", "DEVICE-2");
    assertThat(read(alice, "/v1/user/devices/owner").path("devices"))
        .isEqualTo(json("[{'deviceid': 'DEVICE-2', 'devicename': 'Hall'}]"));
    assertThat(read(operator, "/v1/devices/DEVICE-2/history")
            .path("history")
            .findValuesAsText("event"))
        .containsExactly("claimed", "claim-refused", "claim-code-set");
    assertThat(read(operator, "/v1/devices/DEVICE-1/keys").path("keys").findValuesAsText("kid"))
        .containsExactlyInAnyOrder("k1", "k2");
    assertThat(read(operator, "/v1/firmware").path("firmware").findValuesAsText("version"))
        .containsExactlyInAnyOrder("2.0.0", "3.0.0-rc1");
    assertThat(read(device, "/v1/devices/firmware").path("version").asText()).isEqualTo("2.0.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"items-2026-11-28.json", OF_THIS_RELEASE})
  void theItemsAreChanged(String file) throws IOException {
    putGolden(file, Map.of());
    requireChanges();
  }

  /** As a later release may write them. */
  @ParameterizedTest
  @ValueSource(strings = {"items-2026-11-28.json", OF_THIS_RELEASE})
  void theItemsAreChangedWithWhatALaterReleaseAdds(String file) throws IOException {
    Map<String, AttributeValue> unknown =
        Map.of("later", AttributeValue.fromM(Map.of("kept", AttributeValue.fromBool(true))));
    putGolden(file, unknown);
    requireChanges();
    golden(file)
        .properties()
        .forEach(
            table -> assertThat(stored(table.getKey()).filter(item -> item.containsKey("later")))
                .as(table.getKey())
                .hasSize(left(table.getKey(), table.getValue().size())));
  }

  /** How many of a table's golden items are left after the changes, which remove a registration and a key. */
  private static int left(String table, int before) {
    return Set.of("USER_DEVICES_TABLE", "DEVICE_KEYS_TABLE").contains(table) ? before - 1 : before;
  }

  private void requireChanges() {
    assertThat(device.put("/v1/devices/DEVICE-1", "{'volume': 4}").status()).isEqualTo(200);
    assertThat(bob.put("/v1/user/devices/DEVICE-1", "{'devicename': 'Bath'}").status())
        .isEqualTo(200);
    assertThat(read(alice, "/v1/devices/DEVICE-1").path("devicename").asText()).isEqualTo("Bath");
    assertThat(alice.put("/v1/user/devices/owner/DEVICE-1").status()).isEqualTo(201);
    assertThat(read(alice, "/v1/devices/DEVICE-1").path("devicename").asText())
        .isEqualTo("Kitchen");
    assertThat(claim(bob, CODE).problem()).isEqualTo("already-owned");
    assertThat(alice.delete("/v1/user/devices/owner/DEVICE-2").status()).isEqualTo(204);
    for (int i = 0; i < 4; i++) {
      assertThat(claim(bob, WRONG_CODE).problem()).isEqualTo("claim-code");
    }
    assertThat(claim(bob, CODE).problem()).isEqualTo("too-many-attempts");
    assertThat(operator
            .importKeys("{'deviceid': 'DEVICE-3', 'facts': {'region': 'dk'}}")
            .status())
        .isEqualTo(200);
    assertThat(operator.delete(SECOND_KEY.path()).status()).isEqualTo(204);
    assertThat(operator.put(SECOND_KEY.path(), SECOND_KEY.jwk()).status()).isEqualTo(201);
    assertThat(upload(device, 1, "new").status()).isEqualTo(201);
    assertThat(read(operator, "/v1/devices/DEVICE-2/history").path("history").valueStream())
        .filteredOn(it -> it.path("event").asText().equals("claim-refused"))
        .extracting(it -> it.path("count").asInt())
        .containsExactly(8);
  }
}
