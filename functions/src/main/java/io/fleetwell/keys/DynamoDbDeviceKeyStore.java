package io.fleetwell.keys;

import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.ItemWrite.UPDATED;
import static io.fleetwell.aws.ItemWrite.VERSION;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.Backoff;
import io.fleetwell.aws.CountChange;
import io.fleetwell.aws.DynamoDbTransactions;
import io.fleetwell.aws.DynamoDbTransactions.Outcome;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.LimitReached;
import io.fleetwell.aws.DynamoDbTransactions.Outcome.Written;
import io.fleetwell.aws.ItemWrite;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.history.HistoryFailures;
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
      Map<String, Map<String, AttributeValue>> items = readItems(deviceId);
      KeyRing before = ringOf(deviceId, items);
      KeyRing after = change.apply(before);
      if (after.equals(before) || write(items, before, after)) {
        return new Change(before, after);
      }
      backoff.pause();
    }
  }

  /** The items of keys need no condition, because none is changed without the item that counts. */
  private boolean write(
      Map<String, Map<String, AttributeValue>> items, KeyRing before, KeyRing after) {
    List<ItemWrite> writes = new ArrayList<>();
    Map<String, AttributeValue> ringKey = primaryKey(after.deviceId(), RING);
    Optional<Map<String, AttributeValue>> ring = Optional.ofNullable(items.get(RING));
    writes.add(ItemWrite.ifUnchanged(
        table, ringKey, Optional.of(RINGS.next(ring, itemOf(ringKey, after))), ring));
    for (DeviceKey key : after.keys()) {
      if (!before.keys().contains(key)) {
        Map<String, AttributeValue> id = primaryKey(after.deviceId(), key.id());
        Map<String, AttributeValue> item =
            KEYS.next(Optional.ofNullable(items.get(key.id())), itemOf(id, key));
        writes.add(ItemWrite.always(table, id, Optional.of(item)));
      }
    }
    for (DeviceKey key : before.keys()) {
      if (after.key(key.id()).isEmpty()) {
        Map<String, AttributeValue> id = primaryKey(after.deviceId(), key.id());
        writes.add(ItemWrite.always(table, id, Optional.empty()));
      }
    }
    List<HistoryEvent> events = after.event().stream().toList();
    events.stream().map(history::writeOf).forEach(writes::add);
    List<CountChange> counts = history.countOf(events).stream().toList();
    Outcome result = transactions.write(writes, counts, RandomId.next());
    if (result instanceof LimitReached) {
      throw HistoryFailures.tooManyChanges(events);
    }
    return result instanceof Written;
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
