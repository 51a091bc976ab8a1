package io.fleetwell.keys;

import static io.fleetwell.store.Attributes.number;
import static io.fleetwell.store.Attributes.required;
import static io.fleetwell.store.Attributes.text;

import com.nimbusds.jose.jwk.JWK;
import io.fleetwell.auth.DeviceKeySource;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.store.Backoff;
import io.fleetwell.store.DynamoDbTransactions;
import io.fleetwell.store.ItemWrite;
import io.fleetwell.store.Outages;
import io.fleetwell.store.RandomId;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Keys in a table of DynamoDB: an item for each, which the authorizer reads alone, and one for each device that counts
 * the changes of its keys. Every change writes that one, on the condition that it is as it was read.
 */
public final class DynamoDbDeviceKeyStore implements DeviceKeyStore, DeviceKeySource {
  private static final String DEVICE_ID = "deviceid";

  /** The sort key: a key's id; or {@link #RING}, which none can have, in the item that counts. */
  private static final String KEY_ID = "kid";

  private static final String RING = "#";

  /** A string, the JWK. */
  private static final String JWK_TEXT = "jwk";

  /** Milliseconds since 1970; not there for a key that does not expire. */
  private static final String EXPIRES = "expires";

  private static final String CREATED = "created";

  /** In the item that counts. */
  private static final String VERSION = "version";

  private static final String UPDATED = "updated";

  private final DynamoDbClient dynamoDb;
  private final DynamoDbTransactions transactions;
  private final DynamoDbHistoryStore history;
  private final String table;

  public DynamoDbDeviceKeyStore(
      DynamoDbClient dynamoDb, String table, DynamoDbHistoryStore history) {
    this.dynamoDb = dynamoDb;
    this.transactions = new DynamoDbTransactions(dynamoDb);
    this.history = history;
    this.table = table;
  }

  @Override
  public Optional<VerificationKey> find(String deviceId, String keyId) {
    GetItemResponse response = Outages.call(() -> dynamoDb.getItem(
        request -> request.tableName(table).key(keyOf(deviceId, keyId)).consistentRead(true)));
    return response.hasItem()
        ? Optional.of(keyOf(response.item()))
            .map(key -> new VerificationKey(key.jwk(), key.expires()))
        : Optional.empty();
  }

  @Override
  public KeyRing read(String deviceId) {
    QueryRequest query = QueryRequest.builder()
        .tableName(table)
        .consistentRead(true)
        .keyConditionExpression("deviceid = :device")
        .expressionAttributeValues(Map.of(":device", text(deviceId)))
        .build();
    KeyRing ring = KeyRing.empty(deviceId);
    List<DeviceKey> keys = new ArrayList<>();
    for (Map<String, AttributeValue> item :
        Outages.call(() -> dynamoDb.query(query)).items()) {
      if (required(item, KEY_ID).s().equals(RING)) {
        ring = ringOf(deviceId, item);
      } else {
        keys.add(keyOf(item));
      }
    }
    return new KeyRing(deviceId, keys, ring.version(), ring.updated(), Optional.empty());
  }

  @Override
  public Change change(String deviceId, UnaryOperator<KeyRing> change) {
    Backoff backoff = new Backoff();
    while (true) {
      KeyRing before = read(deviceId);
      KeyRing after = change.apply(before);
      if (after.equals(before) || write(before, after)) {
        return new Change(before, after);
      }
      backoff.pause();
    }
  }

  private boolean write(KeyRing before, KeyRing after) {
    List<ItemWrite> writes = new ArrayList<>();
    writes.add(ItemWrite.ifUnchanged(
        table,
        keyOf(after.deviceId(), RING),
        Optional.of(itemOf(after)),
        before.version() == 0 ? Optional.empty() : Optional.of(before.version())));
    for (DeviceKey key : after.keys()) {
      if (!before.keys().contains(key)) {
        writes.add(write(after, key.id(), Optional.of(itemOf(after, key))));
      }
    }
    for (DeviceKey key : before.keys()) {
      if (after.key(key.id()).isEmpty()) {
        writes.add(write(after, key.id(), Optional.empty()));
      }
    }
    after.event().map(history::writeOf).ifPresent(writes::add);
    return transactions.write(writes, RandomId.next());
  }

  /** Needs no condition of its own, since none is changed without the item that counts. */
  private ItemWrite write(KeyRing ring, String keyId, Optional<Map<String, AttributeValue>> item) {
    return ItemWrite.always(table, keyOf(ring.deviceId(), keyId), item);
  }

  private static Map<String, AttributeValue> keyOf(String deviceId, String keyId) {
    return Map.of(DEVICE_ID, text(deviceId), KEY_ID, text(keyId));
  }

  private static Map<String, AttributeValue> itemOf(KeyRing ring) {
    Map<String, AttributeValue> item = new HashMap<>(keyOf(ring.deviceId(), RING));
    item.put(VERSION, number(ring.version()));
    item.put(UPDATED, number(ring.updated().toEpochMilli()));
    return item;
  }

  private static KeyRing ringOf(String deviceId, Map<String, AttributeValue> item) {
    return new KeyRing(
        deviceId,
        List.of(),
        Long.parseLong(required(item, VERSION).n()),
        timeOf(required(item, UPDATED)),
        Optional.empty());
  }

  private static Map<String, AttributeValue> itemOf(KeyRing ring, DeviceKey key) {
    Map<String, AttributeValue> item = new HashMap<>(keyOf(ring.deviceId(), key.id()));
    item.put(JWK_TEXT, text(key.jwk().toJSONString()));
    item.put(CREATED, number(key.created().toEpochMilli()));
    key.expires().ifPresent(time -> item.put(EXPIRES, number(time.toEpochMilli())));
    return item;
  }

  private static DeviceKey keyOf(Map<String, AttributeValue> item) {
    try {
      return new DeviceKey(
          required(item, KEY_ID).s(),
          JWK.parse(required(item, JWK_TEXT).s()),
          Optional.ofNullable(item.get(EXPIRES)).map(DynamoDbDeviceKeyStore::timeOf),
          timeOf(required(item, CREATED)));
    } catch (ParseException e) {
      throw new IllegalStateException("a key that is no JWK", e);
    }
  }

  private static Instant timeOf(AttributeValue millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis.n()));
  }
}
