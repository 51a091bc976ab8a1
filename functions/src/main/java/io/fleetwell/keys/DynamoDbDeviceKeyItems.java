package io.fleetwell.keys;

import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;

import com.nimbusds.jose.jwk.JWK;
import java.text.ParseException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of the table: what their attributes are called, hold and mean. */
final class DynamoDbDeviceKeyItems {
  static final String DEVICE_ID = "deviceid";

  /** The sort key: a key's id; or {@link #RING}, which no key has as its id, in the item that counts. */
  static final String KEY_ID = "kid";

  static final String RING = "#";

  /** A string, the JWK. */
  private static final String JWK_TEXT = "jwk";

  /** Milliseconds since 1970; absent for a key that does not expire. */
  private static final String EXPIRES = "expires";

  private static final String CREATED = "created";

  /** In the item that counts. */
  private static final String VERSION = "version";

  private static final String UPDATED = "updated";

  private DynamoDbDeviceKeyItems() {}

  static Map<String, AttributeValue> keyOf(String deviceId, String keyId) {
    return Map.of(DEVICE_ID, text(deviceId), KEY_ID, text(keyId));
  }

  static Map<String, AttributeValue> itemOf(KeyRing ring) {
    Map<String, AttributeValue> item = new HashMap<>(keyOf(ring.deviceId(), RING));
    item.put(VERSION, number(ring.version()));
    item.put(UPDATED, number(ring.updated().toEpochMilli()));
    return item;
  }

  static KeyRing ringOf(String deviceId, Map<String, AttributeValue> item) {
    return new KeyRing(
        deviceId,
        List.of(),
        Long.parseLong(required(item, VERSION).n()),
        timeOf(required(item, UPDATED)),
        Optional.empty());
  }

  static Map<String, AttributeValue> itemOf(KeyRing ring, DeviceKey key) {
    Map<String, AttributeValue> item = new HashMap<>(keyOf(ring.deviceId(), key.id()));
    item.put(JWK_TEXT, text(key.jwk().toJSONString()));
    item.put(CREATED, number(key.created().toEpochMilli()));
    key.expires().ifPresent(time -> item.put(EXPIRES, number(time.toEpochMilli())));
    return item;
  }

  static DeviceKey keyOf(Map<String, AttributeValue> item) {
    try {
      return new DeviceKey(
          required(item, KEY_ID).s(),
          JWK.parse(required(item, JWK_TEXT).s()),
          Optional.ofNullable(item.get(EXPIRES)).map(DynamoDbDeviceKeyItems::timeOf),
          timeOf(required(item, CREATED)));
    } catch (ParseException e) {
      throw new IllegalStateException("a stored key is not a JWK", e);
    }
  }

  private static Instant timeOf(AttributeValue millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis.n()));
  }
}
