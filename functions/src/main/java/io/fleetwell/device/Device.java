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
import org.jspecify.annotations.Nullable;

/**
 * The record of a device: its details, from all sources, and its owner.
 *
 * @param details without the {@code deviceid}; never changed in place
 * @param authors the user who wrote a top-level field last, by field, or {@link #SEVERAL}; fields that no user
 *     wrote are missing
 * @param claimCode the code that a claim needs; it stays when the owner changes
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
   * The owner of a device.
   *
   * @param claimId the claim that made them the owner; a retry after a lost answer recognises its own
   */
  public record Ownership(String owner, String claimId) {}

  /**
   * The author of a field in which one user merged into an object of another, or of a fact in which a device or an
   * operator merged into a user's. Every claim forgets the field, unless it is a fact: no user's words may reach the next
   * owner. No user's id is empty.
   */
  static final String SEVERAL = "";

  /** In Unicode code points. The serial number is an index key, which DynamoDB limits to 2,048 bytes. */
  public static final int MAX_SERIAL_LENGTH = 256;

  static final int MAX_DETAILS_BYTES = 64 * 1_024;
  static final int MAX_FIELDS = 200;

  /** Facts about the device itself. They stay when the owner changes, even if a user wrote them. */
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

  /** A device without details, before its first version. */
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

  /** The string at a path of field names; empty if it is missing or the empty string. */
  public Optional<String> text(String... path) {
    JsonNode node = details;
    for (String name : path) {
      node = node.path(name);
    }
    return Optional.ofNullable(node.textValue()).filter(text -> !text.isEmpty());
  }

  /**
   * The record after a merge patch (RFC 7396). Throws {@code TOO_LARGE}.
   *
   * @param author the user who sent the patch; empty for the device itself or an operator
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
      // The merged object may still contain what a user wrote. A fact must then outlive that user's
      // registration.
      if (FACTS.contains(field)) {
        authors.computeIfPresent(field, (it, user) -> SEVERAL);
      }
      return;
    }
    if (author.isEmpty() || value.isNull() || field.equals("deviceid")) {
      authors.remove(field);
      return;
    }
    boolean repeated = value.equals(details.get(field)) || mergedIntoAnother;
    if (FACTS.contains(field) && repeated && !authors.containsKey(field)) {
      // The device, an operator or a former owner wrote it first, so it is not this user's alone.
      return;
    }
    String before = authors.getOrDefault(field, author.get());
    boolean mixed = mergedIntoAnother && !before.equals(author.get());
    authors.put(field, mixed ? SEVERAL : author.get());
  }

  /** Merges within the limits of a record. The {@code deviceid} is the record's key, not a detail. */
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

  /**
   * Removes what only this user wrote, facts too.
   *
   * @param sent all that this user sent; what the device added to their objects stays
   */
  Device withoutWordsOf(String user, ObjectNode sent, Instant now) {
    if (!authors.containsValue(user)) {
      return this;
    }
    ObjectNode kept = details.deepCopy();
    authors.forEach((field, author) -> {
      if (author.equals(user) && isEmptyWithout(kept.get(field), sent.get(field))) {
        kept.remove(field);
      }
    });
    return next(kept, authorsWithout(user::equals), ownership, claimCode, now);
  }

  /** Removes from an object what another object has too. Returns whether nothing is left, or one is no object. */
  private static boolean isEmptyWithout(@Nullable JsonNode value, @Nullable JsonNode other) {
    if (!(value instanceof ObjectNode object) || !(other instanceof ObjectNode same)) {
      return true;
    }
    same.properties().forEach(it -> {
      JsonNode mine = object.path(it.getKey());
      boolean goes = mine.isObject()
          ? it.getValue().isObject() && isEmptyWithout(mine, it.getValue())
          : mine.equals(it.getValue());
      if (goes) {
        object.remove(it.getKey());
      }
    });
    return object.isEmpty();
  }

  /** Removes what these users wrote, except facts, and removes them as authors of facts. */
  private Device forgetting(Predicate<String> users, Optional<Ownership> owned, Instant now) {
    ObjectNode kept = details.deepCopy();
    Map<String, String> keptAuthors = authorsWithout(users);
    authors.keySet().stream()
        .filter(field -> !keptAuthors.containsKey(field) && !FACTS.contains(field))
        .forEach(kept::remove);
    return next(kept, keptAuthors, owned, claimCode, now);
  }

  private Map<String, String> authorsWithout(Predicate<String> users) {
    Map<String, String> kept = new HashMap<>(authors);
    kept.values().removeIf(users);
    return kept;
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

  /** The time for a change that is made now: later than the last one, even if the clock is behind. */
  Instant laterThanUpdated(Instant now) {
    return Revision.timeAfter(updated, now);
  }
}
