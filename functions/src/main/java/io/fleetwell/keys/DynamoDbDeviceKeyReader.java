package io.fleetwell.keys;

import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.keys.DynamoDbDeviceKeyItems.DEVICE_ID;
import static io.fleetwell.keys.DynamoDbDeviceKeyItems.KEY_ID;
import static io.fleetwell.keys.DynamoDbDeviceKeyItems.RING;
import static io.fleetwell.keys.DynamoDbDeviceKeyItems.keyOf;
import static io.fleetwell.keys.DynamoDbDeviceKeyItems.ringOf;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** Reads keys from a table of DynamoDB. */
public final class DynamoDbDeviceKeyReader implements DeviceKeyReader {
  private final DynamoDbClient dynamoDb;
  private final String table;

  DynamoDbDeviceKeyReader(DynamoDbClient dynamoDb, String table) {
    this.dynamoDb = dynamoDb;
    this.table = table;
  }

  public static DynamoDbDeviceKeyReader from(Aws aws) {
    return new DynamoDbDeviceKeyReader(aws.dynamoDb(), aws.environment().text("DEVICE_KEYS_TABLE"));
  }

  @Override
  public Optional<DeviceKey> find(String deviceId, String keyId) {
    GetItemResponse response = AwsCalls.run(() -> dynamoDb.getItem(
        request -> request.tableName(table).key(keyOf(deviceId, keyId)).consistentRead(true)));
    return response.hasItem()
        ? Optional.of(DynamoDbDeviceKeyItems.keyOf(response.item()))
        : Optional.empty();
  }

  @Override
  public KeyRing read(String deviceId) {
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
}
