package io.fleetwell.keys;

import static io.fleetwell.aws.Attributes.longOf;
import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.Attributes.timeOf;

import com.nimbusds.jose.jwk.JWK;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** The number of changes; in the item that counts them. */
  static final String VERSION = "version";

  static final String UPDATED = "updated";

  private static final String DEVICE_ID = "deviceid";

  private final DynamoDbClient dynamoDb;
  final String table;

  DynamoDbDeviceKeyReader(Aws aws) {
    this.dynamoDb = aws.dynamoDb();
    this.table = aws.environment().text("DEVICE_KEYS_TABLE");
  }

  public static DynamoDbDeviceKeyReader from(Aws aws) {
    return new DynamoDbDeviceKeyReader(aws);
  }

  @Override
  public final Optional<DeviceKey> find(String deviceId, String keyId) {
    GetItemResponse response = AwsCalls.run(() -> dynamoDb.getItem(
        request -> request.tableName(table).key(primaryKey(deviceId, keyId)).consistentRead(true)));
    return response.hasItem() ? Optional.of(keyOf(response.item())) : Optional.empty();
  }

  @Override
  public final KeyRing read(String deviceId) {
    QueryRequest query = QueryRequest.builder()
        .tableName(table)
        .consistentRead(true)
        .keyConditionExpression(DEVICE_ID + " = :device")
        .expressionAttributeValues(Map.of(":device", text(deviceId)))
        .build();
    KeyRing ring = KeyRing.empty(deviceId);
    List<DeviceKey> keys = new ArrayList<>();
    for (Map<String, AttributeValue> item :
        AwsCalls.run(() -> dynamoDb.query(query)).items()) {
      if (required(item, KEY_ID).s().equals(RING)) {
        ring = ringOf(deviceId, item);
      } else {
        keys.add(keyOf(item));
      }
    }
    return new KeyRing(deviceId, keys, ring.version(), ring.updated(), Optional.empty());
  }

  static Map<String, AttributeValue> primaryKey(String deviceId, String keyId) {
    return Map.of(DEVICE_ID, text(deviceId), KEY_ID, text(keyId));
  }

  private static KeyRing ringOf(String deviceId, Map<String, AttributeValue> item) {
    return new KeyRing(
        deviceId, List.of(), longOf(item, VERSION), timeOf(item, UPDATED), Optional.empty());
  }

  private static DeviceKey keyOf(Map<String, AttributeValue> item) {
    try {
      return new DeviceKey(
          required(item, KEY_ID).s(),
          JWK.parse(required(item, JWK_TEXT).s()),
          item.containsKey(EXPIRES) ? Optional.of(timeOf(item, EXPIRES)) : Optional.empty(),
          timeOf(item, CREATED));
    } catch (ParseException e) {
      throw new IllegalStateException("a stored key is not a JWK", e);
    }
  }
}
