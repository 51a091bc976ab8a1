package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.json.Json;
import io.fleetwell.revision.Revision;
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
 * @param ownership of the owner, if there is one
 * @param claimCode which a claim must carry, if there is one; it outlives owners
 * @param version counts the changes, from 1
 */
public record Device(
    String id,
    ObjectNode details,
    Map<String, String> authors,
    Optional<Ownership> ownership,
    Optional<ClaimCode> claimCode,
    long version,
    Instant created,
    Instant updated)
    implements DeviceView {

  /**
   * That a user owns a device.
   *
   * @param claimId which request made it so, by which a claim knows itself again after a lost answer
   */
  public record Ownership(String owner, String claimId) {}

  /** Stands for an author where one user merged into an object that another had written. No user's id is empty. */
  static final String SEVERAL_USERS = "";

  /** In characters of Unicode. A serial number is an index's key, which DynamoDB limits to 2,048 bytes. */
  public static final int MAX_SERIAL_LENGTH = 256;

  static final int MAX_DETAILS_BYTES = 64 * 1_024;
  static final int MAX_FIELDS = 200;

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
        id, Json.object(), Map.of(), Optional.empty(), Optional.empty(), 0, now, Instant.EPOCH);
  }

  public static boolean isSerial(String text) {
    return text.codePointCount(0, text.length()) <= MAX_SERIAL_LENGTH;
  }

  @Override
  public String revision() {
    return Revision.of(version, updated);
  }

  @Override
  public ObjectNode json() {
    return json(id, details);
  }

  static ObjectNode json(String id, ObjectNode details) {
    return Json.object().put("deviceid", id).setAll(details);
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
    patch
        .properties()
        .forEach(field -> noteAuthor(mergedAuthors, field.getKey(), field.getValue(), author));
    boolean same = version > 0
        && Json.text(merged).equals(Json.text(details))
        && mergedAuthors.equals(authors);
    return same ? this : next(merged, mergedAuthors, ownership, claimCode, now);
  }

  private void noteAuthor(
      Map<String, String> authors, String field, JsonNode value, Optional<String> author) {
    boolean mergedIntoAnother = value.isObject() && details.path(field).isObject();
    if (author.isEmpty() && mergedIntoAnother) {
      // What a user wrote may still be among what the device merged its own into.
      return;
    }
    if (author.isEmpty() || value.isNull() || field.equals("deviceid")) {
      authors.remove(field);
      return;
    }
    String before = authors.getOrDefault(field, author.get());
    boolean mixed = mergedIntoAnother && !before.equals(author.get());
    authors.put(field, mixed ? SEVERAL_USERS : author.get());
  }

  /** Merges within the limits of a record. The {@code deviceid} is the record's key, and no detail. */
  static ObjectNode mergeDetails(ObjectNode details, ObjectNode patch) {
    ObjectNode merged = MergePatch.apply(details, patch);
    merged.remove("deviceid");
    if (merged.size() > MAX_FIELDS) {
      throw Failure.of(
          FailureKind.TOO_LARGE,
          "The device would have more than %d details.".formatted(MAX_FIELDS));
    }
    if (Json.bytes(merged).length > MAX_DETAILS_BYTES) {
      throw Failure.of(
          FailureKind.TOO_LARGE,
          "The device's details would be larger than %,d bytes.".formatted(MAX_DETAILS_BYTES));
    }
    return merged;
  }

  Device claimed(Ownership by, Instant now) {
    return forgetting(author -> !author.equals(by.owner()), Optional.of(by), now);
  }

  Device released(Instant now) {
    return forgetting(author -> true, Optional.empty(), now);
  }

  Device withClaimCode(Optional<ClaimCode> newCode, Instant now) {
    return next(details, authors, ownership, newCode, now);
  }

  /** Without what these users wrote, facts aside; and of facts, without the note who wrote them. */
  private Device forgetting(Predicate<String> users, Optional<Ownership> owned, Instant now) {
    ObjectNode kept = details.deepCopy();
    Map<String, String> keptAuthors = new HashMap<>();
    authors.forEach((field, author) -> {
      if (!users.test(author)) {
        keptAuthors.put(field, author);
      } else if (!FACTS.contains(field)) {
        kept.remove(field);
      }
    });
    return next(kept, keptAuthors, owned, claimCode, now);
  }

  private Device next(
      ObjectNode details,
      Map<String, String> authors,
      Optional<Ownership> ownership,
      Optional<ClaimCode> claimCode,
      Instant now) {
    Instant later = laterThanUpdated(now);
    return new Device(id, details, authors, ownership, claimCode, version + 1, created, later);
  }

  /** The time of a change of this record that is made now. */
  Instant laterThanUpdated(Instant now) {
    return Revision.timeAfter(updated, now);
  }
}
