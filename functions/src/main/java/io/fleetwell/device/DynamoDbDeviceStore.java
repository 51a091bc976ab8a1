package io.fleetwell.device;

import static io.fleetwell.device.DynamoDbDeviceItems.countKey;
import static io.fleetwell.device.DynamoDbDeviceItems.deviceKey;
import static io.fleetwell.device.DynamoDbDeviceItems.itemOf;
import static io.fleetwell.device.DynamoDbDeviceItems.registrationKey;
import static io.fleetwell.device.DynamoDbDeviceItems.wasWrittenBy;
import static io.fleetwell.device.DynamoDbDeviceItems.writeIds;
import static io.fleetwell.store.Attributes.text;

import io.fleetwell.device.Device.Claim;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.DynamoDbHistoryStore;
import io.fleetwell.store.Backoff;
import io.fleetwell.store.CountChange;
import io.fleetwell.store.DynamoDbReads;
import io.fleetwell.store.DynamoDbTransactions;
import io.fleetwell.store.ItemWrite;
import io.fleetwell.store.Outages;
import io.fleetwell.store.Page;
import io.fleetwell.store.RandomId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Devices and registrations in two tables of DynamoDB. A change is written on the condition that what it was made from
 * has not changed since: one item by a put, both by a transaction.
 */
public final class DynamoDbDeviceStore implements DeviceStore {
  private static final String SERIAL_INDEX = "BySerial";
  private static final String OWNED_INDEX = "Owned";

  /** As many keys as BatchGetItem takes. */
  private static final int IDS_PER_READ = 100;

  private final DynamoDbClient dynamoDb;
  private final DynamoDbReads reads;
  private final DynamoDbTransactions transactions;
  private final DynamoDbHistoryStore history;
  private final String devicesTable;
  private final String userDevicesTable;
  private final long maxDevicesPerUser;

  public DynamoDbDeviceStore(
      DynamoDbClient dynamoDb,
      String devicesTable,
      String userDevicesTable,
      long maxDevicesPerUser,
      DynamoDbHistoryStore history) {
    this.dynamoDb = dynamoDb;
    this.reads = new DynamoDbReads(dynamoDb);
    this.transactions = new DynamoDbTransactions(dynamoDb);
    this.history = history;
    this.devicesTable = devicesTable;
    this.userDevicesTable = userDevicesTable;
    this.maxDevicesPerUser = maxDevicesPerUser;
  }

  @Override
  public DeviceSnapshot read(String deviceId, Optional<String> userId) {
    return readItems(deviceId, userId).snapshot(deviceId, userId);
  }

  /** The items of one device and one user, as far as there are any. */
  private record Items(
      Optional<Map<String, AttributeValue>> device,
      Optional<Map<String, AttributeValue>> registration) {
    DeviceSnapshot snapshot(String deviceId, Optional<String> userId) {
      return new DeviceSnapshot(
          deviceId,
          userId,
          device.map(DynamoDbDeviceItems::deviceOf),
          registration.map(DynamoDbDeviceItems::registrationOf));
    }
  }

  private Items readItems(String deviceId, Optional<String> userId) {
    if (userId.isEmpty()) {
      GetItemResponse response = Outages.call(() -> dynamoDb.getItem(request ->
          request.tableName(devicesTable).key(deviceKey(deviceId)).consistentRead(true)));
      return new Items(
          response.hasItem() ? Optional.of(response.item()) : Optional.empty(), Optional.empty());
    }
    Map<String, List<Map<String, AttributeValue>>> found = reads.batchGet(Map.of(
        devicesTable, List.of(deviceKey(deviceId)),
        userDevicesTable, List.of(registrationKey(userId.get(), deviceId))));
    return new Items(
        found.getOrDefault(devicesTable, List.of()).stream().findFirst(),
        found.getOrDefault(userDevicesTable, List.of()).stream().findFirst());
  }

  private Map<String, Device> readDevices(List<String> deviceIds) {
    List<Map<String, AttributeValue>> keys =
        deviceIds.stream().map(DynamoDbDeviceItems::deviceKey).toList();
    return reads.batchGet(Map.of(devicesTable, keys)).getOrDefault(devicesTable, List.of()).stream()
        .map(DynamoDbDeviceItems::deviceOf)
        .collect(Collectors.toMap(Device::id, device -> device));
  }

  @Override
  public Change change(
      String deviceId, Optional<String> userId, UnaryOperator<DeviceSnapshot> change) {
    return change(deviceId, () -> userId, before -> true, change);
  }

  @Override
  public Change changeWithOwner(String deviceId, UnaryOperator<DeviceSnapshot> change) {
    return change(deviceId, () -> ownerOf(deviceId), DeviceSnapshot::isOfItsOwner, change);
  }

  private Optional<String> ownerOf(String deviceId) {
    return read(deviceId, Optional.empty()).device().flatMap(Device::claim).map(Claim::owner);
  }

  private Change change(
      String deviceId,
      Supplier<Optional<String>> user,
      Predicate<DeviceSnapshot> isOfRightUser,
      UnaryOperator<DeviceSnapshot> change) {
    Backoff backoff = new Backoff();
    while (true) {
      Optional<String> userId = user.get();
      Items items = readItems(deviceId, userId);
      DeviceSnapshot before = items.snapshot(deviceId, userId);
      if (isOfRightUser.test(before)) {
        DeviceSnapshot after = change.apply(before);
        if (write(items, before, after)) {
          return new Change(before, after);
        }
      }
      backoff.pause();
    }
  }

  /** Writes what has changed, unless someone else was quicker. */
  private boolean write(Items items, DeviceSnapshot before, DeviceSnapshot after) {
    String writeId = RandomId.next();
    List<ItemWrite> writes = new ArrayList<>();
    if (!before.device().equals(after.device())) {
      writes.add(ItemWrite.ifUnchanged(
          devicesTable,
          deviceKey(after.deviceId()),
          after.device().map(device -> itemOf(device, writeIds(writeId, items.device()))),
          before.device().map(Device::version)));
    }
    if (!before.registration().equals(after.registration())) {
      writes.add(ItemWrite.ifUnchanged(
          userDevicesTable,
          registrationKey(after.userId().orElseThrow(), after.deviceId()),
          after
              .registration()
              .map(registration -> itemOf(registration, writeIds(writeId, items.registration()))),
          before.registration().map(Registration::version)));
    }
    if (writes.isEmpty()) {
      after.event().ifPresent(history::add);
      return true;
    }
    after.event().map(history::writeOf).ifPresent(writes::add);
    Optional<CountChange> count = countChange(before, after);
    boolean isOneItem = writes.size() == 1 && count.isEmpty();
    return isOneItem ? put(writes.get(0), writeId) : transact(writes, count, writeId);
  }

  private Optional<CountChange> countChange(DeviceSnapshot before, DeviceSnapshot after) {
    boolean isThere = after.registration().isPresent();
    if (isThere == before.registration().isPresent()) {
      return Optional.empty();
    }
    Map<String, AttributeValue> key = countKey(after.userId().orElseThrow());
    return Optional.of(
        isThere
            ? CountChange.oneMore(userDevicesTable, key, maxDevicesPerUser)
            : CountChange.oneLess(userDevicesTable, key));
  }

  private boolean transact(List<ItemWrite> writes, Optional<CountChange> count, String writeId) {
    return switch (transactions.write(writes, count, writeId)) {
      case WRITTEN -> true;
      case COLLIDED -> false;
      case LIMIT_REACHED ->
        throw Failure.of(
            Failure.Kind.TOO_MANY_DEVICES,
            "You have %d devices, and may have no more: release one first."
                .formatted(maxDevicesPerUser));
    };
  }

  /** A change of one item alone is never its removal, which takes a release, and that changes both. */
  private boolean put(ItemWrite write, String writeId) {
    try {
      Outages.call(() -> dynamoDb.putItem(request -> request
          .tableName(write.table())
          .item(write.item().orElseThrow())
          .conditionExpression(write.condition())
          .expressionAttributeValues(write.conditionValues())
          .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
      return true;
    } catch (ConditionalCheckFailedException e) {
      // The SDK repeats a put whose answer was lost, and the repetition then meets what the first
      // try wrote.
      return e.hasItem() && wasWrittenBy(writeId, e.item());
    } catch (TransactionConflictException e) {
      return false;
    }
  }

  @Override
  public Page<DeviceSnapshot> registeredBy(String userId, Optional<String> after, int limit) {
    Page<Map<String, AttributeValue>> page =
        query(ofUser(userId, DynamoDbDeviceItems.DEVICE_ID, after), limit);
    List<Registration> registrations =
        page.items().stream().map(DynamoDbDeviceItems::registrationOf).toList();
    Map<String, Device> devices =
        readDevices(registrations.stream().map(Registration::deviceId).toList());
    return new Page<>(
        registrations.stream()
            .map(registration -> new DeviceSnapshot(
                registration.deviceId(),
                Optional.of(userId),
                Optional.ofNullable(devices.get(registration.deviceId())),
                Optional.of(registration)))
            .toList(),
        page.more());
  }

  @Override
  public Page<DeviceSnapshot> ownedBy(String userId, Optional<String> after, int limit) {
    Page<Map<String, AttributeValue>> page = query(
        ofUser(userId, DynamoDbDeviceItems.OWNED_DEVICE_ID, after).indexName(OWNED_INDEX), limit);
    List<String> ids =
        page.items().stream().map(DynamoDbDeviceItems::deviceIdOf).toList();
    // That it is owned is for the record to say: it may have been released since the index was
    // read.
    List<DeviceSnapshot> owned =
        snapshots(ids, Optional.of(userId)).filter(DeviceSnapshot::isOwned).toList();
    if (owned.isEmpty() && page.more()) {
      return ownedBy(userId, Optional.of(ids.get(ids.size() - 1)), limit);
    }
    return new Page<>(owned, page.more());
  }

  private QueryRequest.Builder ofUser(String userId, String sortKey, Optional<String> after) {
    return QueryRequest.builder()
        .tableName(userDevicesTable)
        .consistentRead(true)
        .keyConditionExpression("userid = :user AND %s > :after".formatted(sortKey))
        .expressionAttributeValues(
            Map.of(":user", text(userId), ":after", text(after.orElse(DynamoDbDeviceItems.COUNT))));
  }

  /** One item more than asked for tells whether there is a further page; DynamoDB also ends a page at 1 MB. */
  private Page<Map<String, AttributeValue>> query(QueryRequest.Builder query, int limit) {
    QueryResponse response =
        Outages.call(() -> dynamoDb.query(query.limit(limit + 1).build()));
    boolean more = response.items().size() > limit || response.hasLastEvaluatedKey();
    return new Page<>(response.items().stream().limit(limit).toList(), more);
  }

  /** The devices alone, in the order of the ids. */
  private Stream<DeviceSnapshot> snapshots(List<String> deviceIds, Optional<String> userId) {
    Map<String, Device> devices = readDevices(deviceIds);
    return deviceIds.stream()
        .map(id ->
            new DeviceSnapshot(id, userId, Optional.ofNullable(devices.get(id)), Optional.empty()));
  }

  @Override
  public List<DeviceSnapshot> withSerial(
      String serial, Optional<String> userId, Predicate<DeviceSnapshot> wanted, int limit) {
    // Pages are read as they are needed, so it is while they are looked at that a call may fail.
    return Outages.call(() -> (userId.isPresent() ? allOf(userId.get()) : indexed(serial))
        .filter(snapshot -> snapshot.device().filter(it -> it.hasSerial(serial)).isPresent())
        .filter(wanted)
        .limit(limit)
        .toList());
  }

  private Stream<DeviceSnapshot> allOf(String userId) {
    return Stream.iterate(
            Optional.of(registeredBy(userId, Optional.empty(), IDS_PER_READ)),
            Optional::isPresent,
            page -> page.flatMap(it -> pageAfter(userId, it)))
        .flatMap(page -> page.orElseThrow().items().stream());
  }

  private Optional<Page<DeviceSnapshot>> pageAfter(String userId, Page<DeviceSnapshot> page) {
    if (!page.more()) {
      return Optional.empty();
    }
    String last = page.items().get(page.items().size() - 1).deviceId();
    return Optional.of(registeredBy(userId, Optional.of(last), IDS_PER_READ));
  }

  private Stream<DeviceSnapshot> indexed(String serial) {
    QueryRequest query = QueryRequest.builder()
        .tableName(devicesTable)
        .indexName(SERIAL_INDEX)
        .keyConditionExpression("serial = :serial")
        .expressionAttributeValues(Map.of(":serial", text(serial)))
        .limit(IDS_PER_READ)
        .build();
    return dynamoDb.queryPaginator(query).stream()
        .flatMap(page -> snapshots(
            page.items().stream().map(DynamoDbDeviceItems::deviceIdOf).toList(), Optional.empty()));
  }
}
