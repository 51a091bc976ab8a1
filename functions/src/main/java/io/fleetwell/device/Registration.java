package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import io.fleetwell.revision.Revision;
import java.time.Instant;
import java.util.Optional;

/**
 * One user's registration of one device.
 *
 * @param details what the user says of the device; empty if the user claimed the device but never registered it
 * @param owned whether the user owns the device. Only the device's record is authoritative; this is for the list.
 * @param version counts the changes, from 1
 */
public record Registration(
    String userId,
    String deviceId,
    Optional<ObjectNode> details,
    boolean owned,
    long version,
    Instant updated)
    implements DeviceView {
  /** An empty registration, before its first version. */
  static Registration none(String userId, String deviceId) {
    return new Registration(userId, deviceId, Optional.empty(), false, 0, Instant.EPOCH);
  }

  @Override
  public String revision() {
    return Revision.of(version, updated);
  }

  @Override
  public ObjectNode json() {
    return Device.json(deviceId, sent());
  }

  /** After a merge patch (RFC 7396); throws {@code TOO_LARGE}. */
  Registration merged(ObjectNode patch, Instant now) {
    ObjectNode merged = MergePatch.apply(sent(), patch);
    DetailsLimits.require(merged, sent());
    boolean same = details.isPresent() && merged.equals(sent());
    return same ? this : next(Optional.of(merged), owned, now);
  }

  /** The same in a new version: writing it fails if the registration has changed since it was read. */
  Registration confirmed(Instant now) {
    return next(details, owned, now);
  }

  Registration claimed(Instant now) {
    return next(details, true, now);
  }

  private Registration next(Optional<ObjectNode> details, boolean owned, Instant now) {
    Instant later = Revision.timeAfter(updated, now);
    return new Registration(userId, deviceId, details, owned, version + 1, later);
  }

  /** The details that the user sent, if any. */
  ObjectNode sent() {
    return details.orElseGet(Json::object);
  }
}
