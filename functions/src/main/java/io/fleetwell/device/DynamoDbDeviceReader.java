package io.fleetwell.device;

import static io.fleetwell.aws.Attributes.optionalText;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.device.DynamoDbDeviceItems.COUNT_ID;
import static io.fleetwell.device.DynamoDbDeviceItems.DEVICES;
import static io.fleetwell.device.DynamoDbDeviceItems.DEVICE_ID;
import static io.fleetwell.device.DynamoDbDeviceItems.OWNED_DEVICE_ID;
import static io.fleetwell.device.DynamoDbDeviceItems.REGISTRATIONS;
import static io.fleetwell.device.DynamoDbDeviceItems.SAID;
import static io.fleetwell.device.DynamoDbDeviceItems.SERIAL;
import static io.fleetwell.device.DynamoDbDeviceItems.USER_ID;
import static io.fleetwell.device.DynamoDbDeviceItems.deviceIdOf;
import static io.fleetwell.device.DynamoDbDeviceItems.deviceKey;
import static io.fleetwell.device.DynamoDbDeviceItems.registrationKey;

import io.fleetwell.aws.Aws;
import io.fleetwell.aws.AwsCalls;
import io.fleetwell.aws.DynamoDbReads;
import io.fleetwell.aws.EventLog;
import io.fleetwell.ids.ComparedText;
import io.fleetwell.paging.Page;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reads devices and registrations from two DynamoDB tables. */
public sealed class DynamoDbDeviceReader implements DeviceReader permits DynamoDbDeviceStore {
  private static final String SERIAL_INDEX = "BySerial";

  /**
   * A local secondary index, which can be read consistently: a claim shows in the very next list. It limits one user's
   * registrations to 10 GB.
   */
  private static final String OWNED_INDEX = "Owned";

  /** The limit of BatchGetItem. */
  private static final int IDS_PER_READ = 100;

  final DynamoDbClient dynamoDb;
  private final EventLog log;
  final String devicesTable;
  final String userDevicesTable;
  final DevicePolicy policy;
  private final DynamoDbReads reads;

  DynamoDbDeviceReader(Aws aws) {
    this.dynamoDb = aws.dynamoDb();
    this.log = aws.log();
    this.devicesTable = aws.environment().text("DEVICES_TABLE");
    this.userDevicesTable = aws.environment().text("USER_DEVICES_TABLE");
    this.reads = new DynamoDbReads(dynamoDb);
    this.policy = new DevicePolicy(
        aws.environment().flag("REQUIRE_CLAIM_CODE"), aws.environment().flag("KNOWN_DEVICES_ONLY"));
  }

  public static DynamoDbDeviceReader from(Aws aws) {
    return new DynamoDbDeviceReader(aws);
  }

  @Override
  public DeviceSnapshot read(String deviceId, Optional<String> userId) {
    return readItems(deviceId, userId).snapshot(deviceId, userId, policy);
  }

  /** The items of one device and one user, if they exist. */
  record Items(
      Optional<Map<String, AttributeValue>> device,
      Optional<Map<String, AttributeValue>> registration) {
    DeviceSnapshot snapshot(String deviceId, Optional<String> userId, DevicePolicy policy) {
      return new DeviceSnapshot(
          deviceId,
          userId,
          device.flatMap(DEVICES::read),
          registration.flatMap(REGISTRATIONS::read),
          device.filter(DEVICES::hasUnknown).isEmpty() ? policy : policy.forLaterRelease());
    }

    /** The snapshot of a list; empty if an item cannot be read, or the registration is of a later release. */
    Optional<DeviceSnapshot> listed(
        String deviceId, Optional<String> userId, DevicePolicy policy, EventLog log) {
      return log.readable(
          DEVICE_ID + "=" + deviceId,
          () -> Optional.of(snapshot(deviceId, userId, policy))
              .filter(it -> registration.isEmpty() || it.registration().isPresent()));
    }
  }

  Items readItems(String deviceId, Optional<String> userId) {
    if (userId.isEmpty()) {
      GetItemResponse response = AwsCalls.run(() -> dynamoDb.getItem(request ->
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

  /** A device of a list; without a snapshot, it is left out. */
  private record Listed(String deviceId, Optional<DeviceSnapshot> snapshot) {}

  @Override
  public Page<DeviceSnapshot> registeredBy(
      String userId, Optional<DevicePosition> after, int limit) {
    Page<Map<String, AttributeValue>> registrations =
        query(ofUser(userId, DEVICE_ID, after), limit);
    Page<Listed> read = withDevices(
        registrations,
        DynamoDbDeviceItems::deviceIdOf,
        (registration, device) -> new Items(device, Optional.of(registration))
            .listed(deviceIdOf(registration), Optional.of(userId), policy, log));
    return shown(read, next -> registeredBy(userId, next, limit));
  }

  @Override
  public Page<DeviceSnapshot> ownedBy(String userId, Optional<DevicePosition> after, int limit) {
    Page<String> ids = query(ofUser(userId, OWNED_DEVICE_ID, after).indexName(OWNED_INDEX), limit)
        .map(DynamoDbDeviceItems::deviceIdOf);
    // Only the record is authoritative: the device may have been released since the index was read.
    Page<Listed> owned = snapshots(ids, Optional.of(userId))
        .map(it -> new Listed(it.deviceId(), it.snapshot().filter(DeviceSnapshot::isOwned)));
    return shown(owned, next -> ownedBy(userId, next, limit));
  }

  /** The page without what is left out or, if nothing is left, the next one. */
  private static Page<DeviceSnapshot> shown(
      Page<Listed> read, Function<Optional<DevicePosition>, Page<DeviceSnapshot>> next) {
    List<DeviceSnapshot> shown =
        read.items().stream().flatMap(it -> it.snapshot().stream()).toList();
    return shown.isEmpty() && read.more()
        ? next.apply(Optional.of(new DevicePosition(read.last().deviceId())))
        : new Page<>(shown, read.more());
  }

  /** The devices without registrations. */
  private Page<Listed> snapshots(Page<String> deviceIds, Optional<String> userId) {
    return withDevices(
        deviceIds,
        id -> id,
        (id, device) -> new Items(device, Optional.empty()).listed(id, userId, policy, log));
  }

  /** Reads the records of a page. The page ends early if they are too large to be read at once. */
  private <T> Page<Listed> withDevices(
      Page<T> page,
      Function<T, String> idOf,
      BiFunction<T, Optional<Map<String, AttributeValue>>, Optional<DeviceSnapshot>> snapshotOf) {
    if (page.items().isEmpty()) {
      return new Page<>(List.of(), page.more());
    }
    DynamoDbReads.Slice slice = reads.readFirst(
        devicesTable,
        page.items().stream().map(idOf).map(DynamoDbDeviceItems::deviceKey).toList());
    Map<String, Map<String, AttributeValue>> devices = slice.items().stream()
        .collect(Collectors.toMap(DynamoDbDeviceItems::deviceIdOf, device -> device));
    return page.first(slice.keys())
        .map(item -> new Listed(
            idOf.apply(item),
            snapshotOf.apply(item, Optional.ofNullable(devices.get(idOf.apply(item))))));
  }

  private QueryRequest.Builder ofUser(
      String userId, String sortKey, Optional<DevicePosition> after) {
    return QueryRequest.builder()
        .tableName(userDevicesTable)
        .consistentRead(true)
        .keyConditionExpression("%s = :user AND %s > :after".formatted(USER_ID, sortKey))
        .expressionAttributeValues(Map.of(
            ":user",
            text(userId),
            ":after",
            text(after.map(DevicePosition::text).orElse(COUNT_ID))));
  }

  /** DynamoDB also ends a page at 1 MB. */
  private Page<Map<String, AttributeValue>> query(QueryRequest.Builder query, int limit) {
    QueryResponse response =
        AwsCalls.run(() -> dynamoDb.query(query.limit(Page.queryLimit(limit)).build()));
    return Page.of(response.items(), limit, response.hasLastEvaluatedKey());
  }

  /** The devices without registrations, in the order of the ids. They are read as the stream reaches them. */
  private Stream<DeviceSnapshot> snapshots(List<String> deviceIds) {
    Page<Listed> read = snapshots(new Page<>(deviceIds, false), Optional.empty());
    List<String> rest = deviceIds.subList(read.items().size(), deviceIds.size());
    return Stream.concat(
        read.items().stream().flatMap(it -> it.snapshot().stream()),
        Stream.of(rest).filter(ids -> !ids.isEmpty()).flatMap(this::snapshots));
  }

  @Override
  public List<DeviceSnapshot> withSerial(
      String serial, Optional<String> userId, Predicate<DeviceSnapshot> wanted, int limit) {
    // Pages are read lazily, so the calls happen, and fail, while the stream runs.
    return AwsCalls.run(() -> {
      Predicate<DeviceSnapshot> found = wanted.and(snapshot -> snapshot.showsFact(SERIAL, serial));
      if (userId.isPresent()) {
        return ofUserWithSerial(userId.get(), serial).filter(found).limit(limit).toList();
      }
      List<DeviceSnapshot> told = withIndexed(spellings(serial))
          .filter(found.and(DeviceSnapshot::isSerialTold))
          .limit(limit)
          .toList();
      return told.isEmpty() ? withSaidSerial(serial, found, limit) : told;
    });
  }

  /** Items of earlier releases have a serial number that users said under the same key as one that was told. */
  private List<DeviceSnapshot> withSaidSerial(
      String serial, Predicate<DeviceSnapshot> found, int limit) {
    return withIndexed(Stream.concat(spellings(serial), spellings(serial).map(SAID::concat)))
        .filter(found.and(Predicate.not(DeviceSnapshot::isSerialTold)))
        .limit(limit)
        .toList();
  }

  /** Earlier releases indexed a serial number as it was written. */
  private static Stream<String> spellings(String serial) {
    return Stream.of(ComparedText.of(serial), serial).filter(Device::isSerial).distinct();
  }

  /** A device that moves in the index may appear twice in it. */
  private Stream<DeviceSnapshot> withIndexed(Stream<String> keys) {
    Set<String> found = new HashSet<>();
    return keys.flatMap(this::indexed).filter(device -> found.add(device.deviceId()));
  }

  /** Looks at serial numbers alone first: a user's devices may be too many and too large to be read within a call. */
  private Stream<DeviceSnapshot> ofUserWithSerial(String userId, String serial) {
    String wanted = ComparedText.of(serial);
    QueryRequest ids = ofUser(userId, DEVICE_ID, Optional.empty())
        .projectionExpression(DEVICE_ID)
        .limit(IDS_PER_READ)
        .build();
    return dynamoDb.queryPaginator(ids).stream()
        .flatMap(page -> serials(page.items()))
        // The form in which texts are compared is without the control character.
        .filter(item -> wanted.equals(ComparedText.of(optionalText(item, SERIAL).orElse(""))))
        .map(DynamoDbDeviceItems::deviceIdOf)
        .map(id -> read(id, Optional.of(userId)));
  }

  /** The ids and the serial numbers of the records for some registrations. */
  private Stream<Map<String, AttributeValue>> serials(
      List<Map<String, AttributeValue>> registrations) {
    List<Map<String, AttributeValue>> keys = registrations.stream()
        .map(DynamoDbDeviceItems::deviceIdOf)
        .map(DynamoDbDeviceItems::deviceKey)
        .toList();
    return keys.isEmpty()
        ? Stream.empty()
        : reads.batchGet(devicesTable, keys, List.of(DEVICE_ID, SERIAL)).stream();
  }

  private Stream<DeviceSnapshot> indexed(String serial) {
    QueryRequest query = QueryRequest.builder()
        .tableName(devicesTable)
        .indexName(SERIAL_INDEX)
        .keyConditionExpression(SERIAL + " = :serial")
        .expressionAttributeValues(Map.of(":serial", text(serial)))
        .limit(IDS_PER_READ)
        .build();
    return dynamoDb.queryPaginator(query).stream()
        .flatMap(page ->
            snapshots(page.items().stream().map(DynamoDbDeviceItems::deviceIdOf).toList()));
  }
}
