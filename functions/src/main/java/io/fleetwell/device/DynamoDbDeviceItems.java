package io.fleetwell.device;

import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;

import io.fleetwell.aws.Attributes;
import io.fleetwell.device.Device.Ownership;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of the two tables: what their attributes are called, hold and mean. */
final class DynamoDbDeviceItems {
  /** Both tables: the device. Devices has it as its key, UserDevices as its sort key. */
  static final String DEVICE_ID = "deviceid";

  /** UserDevices: its partition key. */
  static final String USER_ID = "userid";

  /** UserDevices: stands for the device in the item that counts; no device has it as its id, and it comes before all. */
  static final String COUNT = "#";

  /**
   * Both: a list of the ids of the last writes, the latest first. By them a write whose answer was lost is recognised,
   * though others have written since.
   */
  private static final String WRITE_IDS = "writeids";

  private static final int KEPT_WRITE_IDS = 8;

  /** Devices: the serial number among the details, the key of an index; not there while there is none. */
  static final String SERIAL = "serial";

  /** UserDevices: the device once more while the user owns it, the sort key of an index; else not there. */
  static final String OWNED_DEVICE_ID = "owneddeviceid";

  /** Both: a number, counting from 1. */
  static final String VERSION = "version";

  /** Both: a map, the details as sent. A registration has none until the user registers the device. */
  private static final String DETAILS = "details";

  /** Devices: a map from a top-level field of the details to the user who wrote it last. */
  private static final String AUTHORS = "authors";

  /** Devices: a user; not there while the device has no owner, and neither is the claim's id. */
  private static final String OWNER = "owner";

  private static final String CLAIM_ID = "claimid";

  /** Devices: what is kept of the claim code; not there while the device has none. */
  private static final String CLAIM_CODE_SALT = "claimcodesalt";

  private static final String CLAIM_CODE_HASH = "claimcodehash";

  /** Numbers: milliseconds since 1970. Only devices note when they were first heard of. */
  private static final String CREATED = "created";

  private static final String UPDATED = "updated";

  private DynamoDbDeviceItems() {}

  static Map<String, AttributeValue> deviceKey(String deviceId) {
    return Map.of(DEVICE_ID, text(deviceId));
  }

  static Map<String, AttributeValue> registrationKey(String userId, String deviceId) {
    return Map.of(USER_ID, text(userId), DEVICE_ID, text(deviceId));
  }

  /** UserDevices: the item that counts a user's devices. */
  static Map<String, AttributeValue> countKey(String userId) {
    return registrationKey(userId, COUNT);
  }

  static Map<String, AttributeValue> itemOf(Device device, List<AttributeValue> writeIds) {
    Map<String, AttributeValue> item = new HashMap<>(deviceKey(device.id()));
    item.put(DETAILS, Attributes.ofJson(device.details()));
    Map<String, AttributeValue> authors = new HashMap<>();
    device.authors().forEach((field, user) -> authors.put(field, text(user)));
    item.put(AUTHORS, AttributeValue.fromM(authors));
    device.ownership().ifPresent(ownership -> {
      item.put(OWNER, text(ownership.owner()));
      item.put(CLAIM_ID, text(ownership.claimId()));
    });
    device.claimCode().ifPresent(code -> {
      item.put(CLAIM_CODE_SALT, text(code.salt()));
      item.put(CLAIM_CODE_HASH, text(code.hash()));
    });
    device.text(SERIAL).ifPresent(serial -> item.put(SERIAL, text(serial)));
    item.put(VERSION, number(device.version()));
    item.put(CREATED, number(device.created().toEpochMilli()));
    item.put(UPDATED, number(device.updated().toEpochMilli()));
    item.put(WRITE_IDS, AttributeValue.fromL(writeIds));
    return item;
  }

  static Device deviceOf(Map<String, AttributeValue> item) {
    Map<String, String> authors = new HashMap<>();
    required(item, AUTHORS).m().forEach((field, user) -> authors.put(field, user.s()));
    return new Device(
        required(item, DEVICE_ID).s(),
        Attributes.toJson(required(item, DETAILS).m()),
        authors,
        Optional.ofNullable(item.get(OWNER))
            .map(owner -> new Ownership(owner.s(), required(item, CLAIM_ID).s())),
        Optional.ofNullable(item.get(CLAIM_CODE_HASH))
            .map(hash -> new ClaimCode(required(item, CLAIM_CODE_SALT).s(), hash.s())),
        longOf(item, VERSION),
        Instant.ofEpochMilli(longOf(item, CREATED)),
        Instant.ofEpochMilli(longOf(item, UPDATED)));
  }

  static Map<String, AttributeValue> itemOf(
      Registration registration, List<AttributeValue> writeIds) {
    Map<String, AttributeValue> item =
        new HashMap<>(registrationKey(registration.userId(), registration.deviceId()));
    registration.details().ifPresent(details -> item.put(DETAILS, Attributes.ofJson(details)));
    if (registration.owned()) {
      item.put(OWNED_DEVICE_ID, text(registration.deviceId()));
    }
    item.put(VERSION, number(registration.version()));
    item.put(UPDATED, number(registration.updated().toEpochMilli()));
    item.put(WRITE_IDS, AttributeValue.fromL(writeIds));
    return item;
  }

  static Registration registrationOf(Map<String, AttributeValue> item) {
    return new Registration(
        required(item, USER_ID).s(),
        required(item, DEVICE_ID).s(),
        Optional.ofNullable(item.get(DETAILS)).map(details -> Attributes.toJson(details.m())),
        item.containsKey(OWNED_DEVICE_ID),
        longOf(item, VERSION),
        Instant.ofEpochMilli(longOf(item, UPDATED)));
  }

  /** The ids for an item's next state: that of the write which makes it so, before those of its present state. */
  static List<AttributeValue> writeIds(
      String writeId, Optional<Map<String, AttributeValue>> present) {
    Stream<AttributeValue> earlier =
        present.stream().flatMap(item -> required(item, WRITE_IDS).l().stream());
    return Stream.concat(Stream.of(text(writeId)), earlier)
        .limit(KEPT_WRITE_IDS)
        .toList();
  }

  static boolean wasWrittenBy(String writeId, Map<String, AttributeValue> item) {
    return required(item, WRITE_IDS).l().contains(text(writeId));
  }

  static String deviceIdOf(Map<String, AttributeValue> item) {
    return required(item, DEVICE_ID).s();
  }

  private static long longOf(Map<String, AttributeValue> item, String attribute) {
    return Long.parseLong(required(item, attribute).n());
  }
}
