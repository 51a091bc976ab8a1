package io.fleetwell.keys;

import static io.fleetwell.keys.DynamoDbDeviceKeyItems.RING;
import static io.fleetwell.keys.DynamoDbDeviceKeyItems.itemOf;
import static io.fleetwell.keys.DynamoDbDeviceKeyItems.keyOf;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.Backoff;
import io.fleetwell.aws.DynamoDbTransactions;
import io.fleetwell.aws.ItemWrite;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.ids.RandomId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Keys in a table of DynamoDB: an item for each, which the authorizer reads alone, and one for each device that counts
 * the changes of its keys. Every change writes that one, on the condition that it is as it was read.
 */
public final class DynamoDbDeviceKeyStore implements DeviceKeyStore {
  private final DynamoDbDeviceKeyReader reader;
  private final DynamoDbTransactions transactions;
  private final DynamoDbHistoryStore history;
  private final String table;

  public DynamoDbDeviceKeyStore(
      DynamoDbClient dynamoDb, String table, DynamoDbHistoryStore history) {
    this.reader = new DynamoDbDeviceKeyReader(dynamoDb, table);
    this.transactions = new DynamoDbTransactions(dynamoDb);
    this.history = history;
    this.table = table;
  }

  public static DynamoDbDeviceKeyStore from(Aws aws) {
    return new DynamoDbDeviceKeyStore(
        aws.dynamoDb(),
        aws.environment().text("DEVICE_KEYS_TABLE"),
        DynamoDbHistoryStore.from(aws));
  }

  @Override
  public Optional<DeviceKey> find(String deviceId, String keyId) {
    return reader.find(deviceId, keyId);
  }

  @Override
  public KeyRing read(String deviceId) {
    return reader.read(deviceId);
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
}
