package io.fleetwell.keys;

import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.text;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.Backoff;
import io.fleetwell.aws.DynamoDbTransactions;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.Written;
import io.fleetwell.aws.ItemWrite;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.ids.RandomId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Keys in a DynamoDB table: an item for each key, which the authorizer reads alone, and one for each device, which counts
 * the changes of its keys. Every change writes the counting item, on the condition that nobody else changed it.
 *
 * <p>A change costs a query and a transaction of three items or more. An expired key that is removed to make room for
 * another gets no event.
 */
public final class DynamoDbDeviceKeyStore extends DynamoDbDeviceKeyReader
    implements DeviceKeyStore {
  private final DynamoDbTransactions transactions;
  private final DynamoDbHistoryStore history;

  private DynamoDbDeviceKeyStore(Aws aws) {
    super(aws);
    this.transactions = new DynamoDbTransactions(aws.dynamoDb());
    this.history = DynamoDbHistoryStore.from(aws);
  }

  public static DynamoDbDeviceKeyStore from(Aws aws) {
    return new DynamoDbDeviceKeyStore(aws);
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

  /** The items of keys need no condition, because none is changed without the item that counts. */
  private boolean write(KeyRing before, KeyRing after) {
    List<ItemWrite> writes = new ArrayList<>();
    Map<String, AttributeValue> ringKey = primaryKey(after.deviceId(), RING);
    writes.add(ItemWrite.ifUnchanged(
        table,
        ringKey,
        Optional.of(itemOf(ringKey, after)),
        Optional.of(before.version()).filter(version -> version > 0),
        Optional.of(before.updated())));
    for (DeviceKey key : after.keys()) {
      if (!before.keys().contains(key)) {
        Map<String, AttributeValue> id = primaryKey(after.deviceId(), key.id());
        writes.add(ItemWrite.always(table, id, Optional.of(itemOf(id, key))));
      }
    }
    for (DeviceKey key : before.keys()) {
      if (after.key(key.id()).isEmpty()) {
        Map<String, AttributeValue> id = primaryKey(after.deviceId(), key.id());
        writes.add(ItemWrite.always(table, id, Optional.empty()));
      }
    }
    after.event().map(history::writeOf).ifPresent(writes::add);
    return transactions.write(writes, List.of(), RandomId.next()) instanceof Written;
  }

  private static Map<String, AttributeValue> itemOf(Map<String, AttributeValue> id, KeyRing ring) {
    Map<String, AttributeValue> item = new HashMap<>(id);
    item.put(VERSION, number(ring.version()));
    item.put(UPDATED, number(ring.updated()));
    return item;
  }

  private static Map<String, AttributeValue> itemOf(Map<String, AttributeValue> id, DeviceKey key) {
    Map<String, AttributeValue> item = new HashMap<>(id);
    item.put(JWK_TEXT, text(key.jwk().toJSONString()));
    item.put(CREATED, number(key.created()));
    key.expires().ifPresent(time -> item.put(EXPIRES, number(time)));
    return item;
  }
}
