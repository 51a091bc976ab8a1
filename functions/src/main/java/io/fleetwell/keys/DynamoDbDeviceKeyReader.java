package io.fleetwell.keys;

import static io.fleetwell.aws.Attributes.longOf;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.Attributes.textOf;
import static io.fleetwell.aws.Attributes.timeOf;
import static io.fleetwell.aws.ItemWrite.UPDATED;
import static io.fleetwell.aws.ItemWrite.VERSION;

import com.nimbusds.jose.jwk.JWK;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.aws.EventLog;
import io.fleetwell.aws.ItemType;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Reads keys from a DynamoDB table: it has an item for each key, and one for each device, which counts changes. */
public sealed class DynamoDbDeviceKeyReader implements DeviceKeyReader
    permits DynamoDbDeviceKeyStore {
  /** The sort key: a key's id, or {@link #RING} in the item that counts changes. No key has this id. */
  static final String KEY_ID = "kid";

  static final String RING = "#";

  /** The JWK as text. */
  static final String JWK_TEXT = "jwk";

  /** Milliseconds since 1970; absent for a key that does not expire. */
  static final String EXPIRES = "expires";

  static final String CREATED = "created";

  private static final String DEVICE_ID = "deviceid";

  static final ItemType<DeviceKey> KEYS = new ItemType<>(
      KEY_ID,
      Set.of(DEVICE_ID, KEY_ID, JWK_TEXT, EXPIRES, CREATED),
      DynamoDbDeviceKeyReader::keyOf);

  /** The items that count changes. */
  static final ItemType<KeyRing> RINGS = new ItemType<>(
      DEVICE_ID, Set.of(DEVICE_ID, KEY_ID, VERSION, UPDATED), DynamoDbDeviceKeyReader::ringOf);

  private final DynamoDbClient dynamoDb;
  private final EventLog log;
  final String table;

  DynamoDbDeviceKeyReader(Aws aws) {
    this.dynamoDb = aws.dynamoDb();
    this.log = aws.log();
    this.table = aws.environment().text("DEVICE_KEYS_TABLE");
  }

  public static DynamoDbDeviceKeyReader from(Aws aws) {
    return new DynamoDbDeviceKeyReader(aws);
  }

  @Override
  public final Optional<DeviceKey> find(String deviceId, String keyId) {
    GetItemResponse response = AwsCalls.run(() -> dynamoDb.getItem(
        request -> request.tableName(table).key(primaryKey(deviceId, keyId)).consistentRead(true)));
    return response.hasItem() ? KEYS.readOfList(response.item(), log) : Optional.empty();
  }

  @Override
  public final KeyRing read(String deviceId) {
    return ringOf(deviceId, readItems(deviceId));
  }

  /** Returns the items of a device's keys by their ids, and the item that counts changes as {@link #RING}. */
  final Map<String, Map<String, AttributeValue>> readItems(String deviceId) {
    QueryRequest query = QueryRequest.builder()
        .tableName(table)
        .consistentRead(true)
        .keyConditionExpression(DEVICE_ID + " = :device")
        .expressionAttributeValues(Map.of(":device", text(deviceId)))
        .build();
    return AwsCalls.run(() -> dynamoDb.query(query)).items().stream()
        .collect(Collectors.toMap(item -> textOf(item, KEY_ID), item -> item));
  }

  /** A key that cannot be read is left out: nobody can use it, and the others keep working. */
  final KeyRing ringOf(String deviceId, Map<String, Map<String, AttributeValue>> items) {
    KeyRing ring = Optional.ofNullable(items.get(RING))
        .flatMap(RINGS::read)
        .orElseGet(() -> KeyRing.empty(deviceId));
    List<DeviceKey> keys = items.entrySet().stream()
        .filter(item -> !item.getKey().equals(RING))
        .flatMap(item -> KEYS.readOfList(item.getValue(), log).stream())
        .toList();
    return new KeyRing(deviceId, keys, ring.version(), ring.updated(), Optional.empty());
  }

  static Map<String, AttributeValue> primaryKey(String deviceId, String keyId) {
    return Map.of(DEVICE_ID, text(deviceId), KEY_ID, text(keyId));
  }

  private static KeyRing ringOf(Map<String, AttributeValue> item) {
    return new KeyRing(
        textOf(item, DEVICE_ID),
        List.of(),
        longOf(item, VERSION),
        timeOf(item, UPDATED),
        Optional.empty());
  }

  private static DeviceKey keyOf(Map<String, AttributeValue> item) {
    try {
      return new DeviceKey(
          textOf(item, KEY_ID),
          JWK.parse(textOf(item, JWK_TEXT)),
          item.containsKey(EXPIRES) ? Optional.of(timeOf(item, EXPIRES)) : Optional.empty(),
          timeOf(item, CREATED));
    } catch (ParseException e) {
      throw new IllegalStateException("a stored key is not a JWK", e);
    }
  }
}
