package io.fleetwell.device;

import static io.fleetwell.aws.Attributes.longOf;
import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.required;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.Attributes.timeOf;
import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Attributes;
import io.fleetwell.device.Device.Ownership;
import io.fleetwell.device.Device.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of the tables Devices and UserDevices, and the meaning of their attributes. */
final class DynamoDbDeviceItems {
  /** Both: the device. The key of Devices, and the sort key of UserDevices. */
  static final String DEVICE_ID = "deviceid";

  /** UserDevices: the partition key. */
  static final String USER_ID = "userid";

  /** UserDevices: the sort key of the item with the count. It sorts before all ids, and is not a device's id. */
  static final String COUNT_ID = "#";

  /** UserDevices: the number of a user's registrations; only in the item with the count. */
  static final String COUNT = "count";

  /** Both: the ids of the last writes, latest first. They show whether a write with a lost answer succeeded. */
  private static final String WRITE_IDS = "writeids";

  private static final int KEPT_WRITE_IDS = 8;

  /**
   * Devices: the serial number, an index key; optional. One that only users said is stored after {@link #SAID}, so that no
   * user can hide the device that told it.
   */
  static final String SERIAL = "serial";

  /** A control character, which no serial number begins with. */
  static final String SAID = "\u0001";

  /** UserDevices: the device's id again while the user owns it, an index's sort key; optional. */
  static final String OWNED_DEVICE_ID = "owneddeviceid";

  /** Both: a number that starts at 1. */
  static final String VERSION = "version";

  /**
   * Both: a map. A registration by a claim has none until the user registers the device. In Devices, it has all that is
   * shown, as earlier releases expect it.
   */
  private static final String DETAILS = "details";

  /** Devices: the part of the details that users said, a map. Missing in items that earlier releases wrote. */
  private static final String WORDS = "words";

  /** Devices: a map from a top-level field of the words to its author, or to {@link DeviceDetails#UNKNOWN_AUTHOR}. */
  private static final String AUTHORS = "authors";

  /** Devices: a map from a top-level field of the words to its authors, if it has several; optional. */
  private static final String SEVERAL_AUTHORS = "severalauthors";

  /** Devices: who wrote the record, apart from users; missing for nobody, and in items of earlier releases. */
  private static final String SOURCES = "sources";

  /** Devices: a user; missing without an owner, like the claim's id. */
  private static final String OWNER = "owner";

  private static final String CLAIM_ID = "claimid";

  /** Devices: the claim code; optional. */
  private static final String CLAIM_CODE_SALT = "claimcodesalt";

  private static final String CLAIM_CODE_HASH = "claimcodehash";

  /** Devices: milliseconds since 1970. */
  private static final String CREATED = "created";

  /** Both: milliseconds since 1970. */
  private static final String UPDATED = "updated";

  private DynamoDbDeviceItems() {}

  static Map<String, AttributeValue> deviceKey(String deviceId) {
    return Map.of(DEVICE_ID, text(deviceId));
  }

  static Map<String, AttributeValue> registrationKey(String userId, String deviceId) {
    return Map.of(USER_ID, text(userId), DEVICE_ID, text(deviceId));
  }

  /** The key of the item that counts a user's devices. */
  static Map<String, AttributeValue> countKey(String userId) {
    return registrationKey(userId, COUNT_ID);
  }

  static Map<String, AttributeValue> itemOf(Device device, List<AttributeValue> writeIds) {
    Map<String, AttributeValue> item = new HashMap<>(deviceKey(device.id()));
    putDetails(item, device.details());
    if (!device.sources().isEmpty()) {
      item.put(SOURCES, AttributeValue.fromSs(device.sources().stream().sorted().toList()));
    }
    device.ownership().ifPresent(ownership -> {
      item.put(OWNER, text(ownership.owner()));
      item.put(CLAIM_ID, text(ownership.claimId()));
    });
    device.claimCode().ifPresent(code -> {
      item.put(CLAIM_CODE_SALT, text(code.salt()));
      item.put(CLAIM_CODE_HASH, text(code.hash()));
    });
    device
        .shownFacts()
        .compared(SERIAL)
        // In NFC, a serial number of an earlier release may be too long for a key.
        .filter(Device::isSerial)
        .ifPresent(
            serial -> item.put(SERIAL, text(device.isSerialTold() ? serial : SAID + serial)));
    item.put(VERSION, number(device.version()));
    item.put(CREATED, number(device.created()));
    item.put(UPDATED, number(device.updated()));
    item.put(WRITE_IDS, AttributeValue.fromL(writeIds));
    return item;
  }

  private static void putDetails(Map<String, AttributeValue> item, DeviceDetails details) {
    Map<String, AttributeValue> author = new HashMap<>();
    Map<String, AttributeValue> several = new HashMap<>();
    details.authors().forEach((field, users) -> {
      if (users.size() == 1) {
        author.put(field, text(users.iterator().next()));
      } else {
        author.put(field, text(DeviceDetails.UNKNOWN_AUTHOR));
        several.put(
            field,
            AttributeValue.fromL(users.stream().sorted().map(Attributes::text).toList()));
      }
    });
    item.put(DETAILS, Attributes.ofJson(details.shown()));
    item.put(WORDS, Attributes.ofJson(details.words()));
    item.put(AUTHORS, AttributeValue.fromM(author));
    if (!several.isEmpty()) {
      item.put(SEVERAL_AUTHORS, AttributeValue.fromM(several));
    }
  }

  private static DeviceDetails detailsOf(Map<String, AttributeValue> item) {
    ObjectNode shown = Attributes.toJson(required(item, DETAILS).m());
    Map<String, Set<String>> authors = new HashMap<>();
    required(item, AUTHORS).m().forEach((field, user) -> authors.put(field, Set.of(user.s())));
    if (!item.containsKey(WORDS)) {
      return DeviceDetails.ofEarlierRelease(shown, authors);
    }
    if (item.containsKey(SEVERAL_AUTHORS)) {
      item.get(SEVERAL_AUTHORS)
          .m()
          .forEach((field, users) -> authors.put(
              field, users.l().stream().map(AttributeValue::s).collect(toUnmodifiableSet())));
    }
    ObjectNode words = Attributes.toJson(item.get(WORDS).m());
    return new DeviceDetails(Tree.without(shown, words), words, authors);
  }

  /** In items of earlier releases, only the device and operators can have told what no user said. */
  private static Set<String> sourcesOf(Map<String, AttributeValue> item) {
    if (item.containsKey(SOURCES)) {
      return Set.copyOf(item.get(SOURCES).ss());
    }
    boolean userWroteAll = required(item, AUTHORS)
        .m()
        .keySet()
        .containsAll(required(item, DETAILS).m().keySet());
    return item.containsKey(WORDS) || userWroteAll ? Set.of() : Set.of(Source.DEVICE.name());
  }

  static Device deviceOf(Map<String, AttributeValue> item) {
    return new Device(
        required(item, DEVICE_ID).s(),
        detailsOf(item),
        sourcesOf(item),
        Optional.ofNullable(item.get(OWNER))
            .map(owner -> new Ownership(owner.s(), required(item, CLAIM_ID).s())),
        Optional.ofNullable(item.get(CLAIM_CODE_HASH))
            .map(hash -> new ClaimCode(required(item, CLAIM_CODE_SALT).s(), hash.s())),
        longOf(item, VERSION),
        timeOf(item, CREATED),
        timeOf(item, UPDATED));
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
    item.put(UPDATED, number(registration.updated()));
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
        timeOf(item, UPDATED));
  }

  /** The ids for an item's next state: the id of its write, then those of its present state. */
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
}
