package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.DeviceNames;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.Failure.Kind;
import io.fleetwell.history.DeviceEvent;
import io.fleetwell.json.JsonText;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A device's record: what is known of it, whoever told, and who owns it.
 *
 * @param details what is known, without the {@code deviceid}; never changed in place
 * @param authors by top-level field, the user who wrote it last, or {@link #SEVERAL_USERS} where parts of it may be of
 *     more than one; a field that no user wrote is not here
 * @param claim of the owner, if there is one
 * @param claimCode which a claim must carry, if there is one; it outlives owners
 * @param version counts the changes, from 1
 */
public record Device(
    String id,
    ObjectNode details,
    Map<String, String> authors,
    Optional<Claim> claim,
    Optional<ClaimCode> claimCode,
    long version,
    Instant created,
    Instant updated) {

  /**
   * That a user owns a device.
   *
   * @param claimId which request made it so, by which a claim knows itself again after a lost answer
   */
  public record Claim(String owner, String claimId) {}

  /** Stands for an author where one user merged into an object that another had written. No user's id is empty. */
  static final String SEVERAL_USERS = "";

  /** In characters of Unicode. A serial number is an index's key, which DynamoDB limits to 2,048 bytes. */
  public static final int MAX_SERIAL_LENGTH = 256;

  static final int MAX_DETAILS_BYTES = 64 * 1_024;
  static final int MAX_FIELDS = 200;

  /** What a deviceid is, in words for whoever sent another. */
  public static final String ID_RULE =
      "1 to 128 characters of A-Z a-z 0-9 . _ : - and not one of firmware, owner, . and ..";

  /** Two are words of the routes' own, two would walk about in a path. */
  private static final Set<String> NOT_IDS = Set.of("firmware", "owner", ".", "..");

  /** What is true of the device itself, and so outlives its owners, whoever wrote it. */
  private static final Set<String> FACTS = Set.of(
      "devicetype",
      "brand",
      "serial",
      "devicemanufacturer",
      "platform",
      "platformversion",
      "versioninfo",
      "power");

  public Device {
    authors = Map.copyOf(authors);
  }

  /** A device of which nothing is known, before its first version. */
  static Device unknown(String id, Instant now) {
    return new Device(
        id,
        JsonNodeFactory.instance.objectNode(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        now,
        Instant.EPOCH);
  }

  /**
   * The id, if it is one: 1 to 128 of {@code A-Z a-z 0-9 . _ : -}, and no word of the routes.
   *
   * @throws Failure {@code INVALID}
   */
  public static String checkId(String id) {
    if (!isId(id)) {
      throw Failure.invalid("A deviceid is %s.".formatted(ID_RULE));
    }
    return id;
  }

  public static boolean isId(String id) {
    return DeviceNames.DEVICE_ID.matcher(id).matches() && !NOT_IDS.contains(id);
  }

  public static boolean isSerial(String text) {
    return text.codePointCount(0, text.length()) <= MAX_SERIAL_LENGTH;
  }

  public boolean isOwnedBy(String userId) {
    return claim.filter(it -> it.owner().equals(userId)).isPresent();
  }

  boolean hasSerial(String serial) {
    return text("serial").equals(Optional.of(serial));
  }

  /** Names this state of the record, for {@code ETag}. */
  public String revision() {
    return revision(version, updated);
  }

  /**
   * Names a state of a record or of a registration, and does not tell which: what registering answers must not say whether
   * someone else owns the device. The time is there since versions of a registration begin anew after a release.
   */
  static String revision(long version, Instant updated) {
    return "%d-%s".formatted(version, Long.toString(updated.toEpochMilli(), 36));
  }

  /** What callers see. */
  public ObjectNode json() {
    return json(id, details);
  }

  static ObjectNode json(String id, ObjectNode details) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("deviceid", id);
    return json.setAll(details);
  }

  /** A detail that is a string, by the names that lead to it; empty if it is not there, or empty itself. */
  public Optional<String> text(String... path) {
    JsonNode node = details;
    for (String name : path) {
      node = node.path(name);
    }
    return Optional.ofNullable(node.textValue()).filter(text -> !text.isEmpty());
  }

  /**
   * The record after a merge patch (RFC 7396).
   *
   * @param author the user who sent it, or empty when the device or an operator did
   * @throws Failure {@code TOO_LARGE} when the record would be larger than a record can be
   */
  Device merged(ObjectNode patch, Optional<String> author, Instant now) {
    ObjectNode merged = mergeDetails(details, patch);
    Map<String, String> mergedAuthors = new HashMap<>(authors);
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      noteAuthor(mergedAuthors, field.getKey(), field.getValue(), author);
    }
    if (version > 0
        && JsonText.of(merged).equals(JsonText.of(details))
        && mergedAuthors.equals(authors)) {
      return this;
    }
    return next(merged, mergedAuthors, claim, claimCode, now);
  }

  private void noteAuthor(
      Map<String, String> authors, String field, JsonNode value, Optional<String> author) {
    boolean mergedIntoAnother = value.isObject() && details.path(field).isObject();
    String before = authors.get(field);
    if (value.isNull() || field.equals("deviceid")) {
      authors.remove(field);
    } else if (author.isEmpty()) {
      // What a user wrote may still be among what the device merged its own into.
      if (!mergedIntoAnother) {
        authors.remove(field);
      }
    } else {
      boolean mixed = mergedIntoAnother && before != null && !before.equals(author.get());
      authors.put(field, mixed ? SEVERAL_USERS : author.get());
    }
  }

  /** Merges within the limits of a record. The {@code deviceid} is the record's key, and no detail. */
  static ObjectNode mergeDetails(ObjectNode details, ObjectNode patch) {
    ObjectNode merged = MergePatch.apply(details, patch);
    merged.remove("deviceid");
    if (merged.size() > MAX_FIELDS) {
      throw Failure.of(
          Kind.TOO_LARGE, "The device would have more than %d details.".formatted(MAX_FIELDS));
    }
    if (JsonText.bytesOf(merged).length > MAX_DETAILS_BYTES) {
      throw Failure.of(
          Kind.TOO_LARGE,
          "The device's details would be larger than %,d bytes.".formatted(MAX_DETAILS_BYTES));
    }
    return merged;
  }

  Device claimed(Claim by, Instant now) {
    return forgetting(author -> !author.equals(by.owner()), Optional.of(by), now);
  }

  Device released(Instant now) {
    return forgetting(author -> true, Optional.empty(), now);
  }

  Device withClaimCode(Optional<ClaimCode> newCode, Instant now) {
    return next(details, authors, claim, newCode, now);
  }

  /** Without what these users wrote, facts aside; and of facts, without the note who wrote them. */
  private Device forgetting(Predicate<String> users, Optional<Claim> newClaim, Instant now) {
    ObjectNode kept = details.deepCopy();
    Map<String, String> keptAuthors = new HashMap<>();
    authors.forEach((field, author) -> {
      if (!users.test(author)) {
        keptAuthors.put(field, author);
      } else if (!FACTS.contains(field)) {
        kept.remove(field);
      }
    });
    return next(kept, keptAuthors, newClaim, claimCode, now);
  }

  private Device next(
      ObjectNode newDetails,
      Map<String, String> newAuthors,
      Optional<Claim> newClaim,
      Optional<ClaimCode> newCode,
      Instant now) {
    return new Device(
        id, newDetails, newAuthors, newClaim, newCode, version + 1, created, laterThanUpdated(now));
  }

  /** The time of a change of this record that is made now. */
  Instant laterThanUpdated(Instant now) {
    return DeviceEvent.timeAfter(updated, now);
  }
}
