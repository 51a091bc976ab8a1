package io.fleetwell.device;

import static io.fleetwell.aws.Attributes.listOf;
import static io.fleetwell.aws.Attributes.longOf;
import static io.fleetwell.aws.Attributes.mapOf;
import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.optionalText;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.Attributes.textOf;
import static io.fleetwell.aws.Attributes.textsOf;
import static io.fleetwell.aws.Attributes.timeOf;
import static io.fleetwell.aws.ItemWrite.UPDATED;
import static io.fleetwell.aws.ItemWrite.VERSION;
import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Attributes;
import io.fleetwell.aws.ItemType;
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

  static final ItemType<Device> DEVICES = new ItemType<>(
      DEVICE_ID,
      Set.of(
          DEVICE_ID,
          DETAILS,
          WORDS,
          AUTHORS,
          SEVERAL_AUTHORS,
          SOURCES,
          SERIAL,
          OWNER,
          CLAIM_ID,
          CLAIM_CODE_SALT,
          CLAIM_CODE_HASH,
          VERSION,
          CREATED,
          UPDATED,
          WRITE_IDS),
      DynamoDbDeviceItems::deviceOf);

  static final ItemType<Registration> REGISTRATIONS = new ItemType<>(
      DEVICE_ID,
      Set.of(USER_ID, DEVICE_ID, DETAILS, OWNED_DEVICE_ID, VERSION, UPDATED, WRITE_IDS),
      DynamoDbDeviceItems::registrationOf);

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

  /** The device's next item. */
  static Map<String, AttributeValue> itemOf(
      Device device, String writeId, Optional<Map<String, AttributeValue>> present) {
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
    item.put(WRITE_IDS, writeIds(writeId, present));
    return DEVICES.next(present, item);
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
    ObjectNode shown = Attributes.toJson(mapOf(item, DETAILS));
    Map<String, Set<String>> authors = new HashMap<>();
    mapOf(item, AUTHORS).forEach((field, user) -> authors.put(field, Set.of(user.s())));
    if (!item.containsKey(WORDS)) {
      return DeviceDetails.ofEarlierRelease(shown, authors);
    }
    mapOf(item, SEVERAL_AUTHORS)
        .forEach((field, users) -> authors.put(
            field, users.l().stream().map(AttributeValue::s).collect(toUnmodifiableSet())));
    ObjectNode words = Attributes.toJson(mapOf(item, WORDS));
    return new DeviceDetails(Tree.without(shown, words), words, authors);
  }

  /** In items of earlier releases, only the device and operators can have told what no user said. */
  private static Set<String> sourcesOf(Map<String, AttributeValue> item) {
    Set<String> sources = textsOf(item, SOURCES);
    if (!sources.isEmpty()) {
      return sources;
    }
    boolean userWroteAll =
        mapOf(item, AUTHORS).keySet().containsAll(mapOf(item, DETAILS).keySet());
    return item.containsKey(WORDS) || userWroteAll ? Set.of() : Set.of(Source.DEVICE.name());
  }

  private static Device deviceOf(Map<String, AttributeValue> item) {
    return new Device(
        deviceIdOf(item),
        detailsOf(item),
        sourcesOf(item),
        optionalText(item, OWNER)
            .map(owner -> new Ownership(owner, optionalText(item, CLAIM_ID).orElse(""))),
        optionalText(item, CLAIM_CODE_HASH)
            .map(hash -> new ClaimCode(textOf(item, CLAIM_CODE_SALT), hash)),
        longOf(item, VERSION),
        timeOf(item, CREATED),
        timeOf(item, UPDATED));
  }

  /** The registration's next item. */
  static Map<String, AttributeValue> itemOf(
      Registration registration, String writeId, Optional<Map<String, AttributeValue>> present) {
    Map<String, AttributeValue> item =
        new HashMap<>(registrationKey(registration.userId(), registration.deviceId()));
    registration.details().ifPresent(details -> item.put(DETAILS, Attributes.ofJson(details)));
    if (registration.owned()) {
      item.put(OWNED_DEVICE_ID, text(registration.deviceId()));
    }
    item.put(VERSION, number(registration.version()));
    item.put(UPDATED, number(registration.updated()));
    item.put(WRITE_IDS, writeIds(writeId, present));
    return REGISTRATIONS.next(present, item);
  }

  private static Registration registrationOf(Map<String, AttributeValue> item) {
    boolean isRegistered = item.containsKey(DETAILS);
    return new Registration(
        textOf(item, USER_ID),
        deviceIdOf(item),
        isRegistered ? Optional.of(Attributes.toJson(mapOf(item, DETAILS))) : Optional.empty(),
        item.containsKey(OWNED_DEVICE_ID),
        longOf(item, VERSION),
        timeOf(item, UPDATED));
  }

  /** The ids for an item's next state: the id of its write, then those of its present state. */
  private static AttributeValue writeIds(
      String writeId, Optional<Map<String, AttributeValue>> present) {
    Stream<AttributeValue> earlier =
        present.map(DynamoDbDeviceItems::writeIdsOf).orElseGet(List::of).stream();
    return AttributeValue.fromL(
        Stream.concat(Stream.of(text(writeId)), earlier).limit(KEPT_WRITE_IDS).toList());
  }

  private static List<AttributeValue> writeIdsOf(Map<String, AttributeValue> item) {
    return listOf(item, WRITE_IDS);
  }

  static boolean wasWrittenBy(String writeId, Map<String, AttributeValue> item) {
    return writeIdsOf(item).contains(text(writeId));
  }

  static String deviceIdOf(Map<String, AttributeValue> item) {
    return textOf(item, DEVICE_ID);
  }
}
