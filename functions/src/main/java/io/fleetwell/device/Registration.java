package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What binds one user to one device.
 *
 * @param details what the user sent of it; empty if they never did, but claimed it
 * @param owned whether the user owns the device. The device's own record is what decides; this is for the list.
 * @param version counts the changes, from 1
 */
public record Registration(
    String userId,
    String deviceId,
    Optional<ObjectNode> details,
    boolean owned,
    long version,
    Instant updated) {

  static Registration none(String userId, String deviceId, Instant now) {
    return new Registration(userId, deviceId, Optional.empty(), false, 0, now);
  }

  /** Names this state of the registration, for {@code ETag}; with its time, since versions begin anew after a release. */
  public String revision() {
    return "r%d-%s".formatted(version, Long.toString(updated.toEpochMilli(), 36));
  }

  /** What the user themselves sent. */
  public ObjectNode json() {
    return Device.json(deviceId, sent());
  }

  Registration merged(ObjectNode patch, Instant now) {
    ObjectNode merged = Device.mergeDetails(sent(), patch);
    if (details.isPresent() && merged.toString().equals(sent().toString())) {
      return this;
    }
    return new Registration(userId, deviceId, Optional.of(merged), owned, version + 1, now);
  }

  /** The same in a new version, so that a change of the device which goes by it is written only if it is still so. */
  Registration confirmed(Instant now) {
    return new Registration(userId, deviceId, details, owned, version + 1, now);
  }

  Registration claimed(Instant now) {
    return new Registration(userId, deviceId, details, true, version + 1, now);
  }

  private ObjectNode sent() {
    return details.orElseGet(JsonNodeFactory.instance::objectNode);
  }
}
