package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.json.Json;
import io.fleetwell.revision.IfMatch;
import java.time.Instant;
import java.util.Optional;

/** How details that a caller sends change a device. */
final class DetailsRule {
  private DetailsRule() {}

  /** Merges details from the device itself or an operator; throws {@code STALE} or {@code TOO_LARGE}. */
  static DeviceChange describe(
      DeviceSnapshot before, ObjectNode patch, IfMatch ifMatch, Instant now) {
    ifMatch.require(before.device().map(Device::revision));
    Device merged = before.deviceOrNew(now).merged(patch, Optional.empty(), now);
    return DeviceChange.of(before, before.with(Optional.of(merged), before.registration()));
  }

  /**
   * Registers the device with a user. The registration keeps their details. Only the details of a user with authority
   * also change the record; every user who registers a device without an owner has authority. Throws {@code STALE} or
   * {@code TOO_LARGE}.
   */
  static DeviceChange register(
      DeviceSnapshot before, ObjectNode patch, IfMatch ifMatch, Instant now) {
    boolean authority = !before.hasOwner() || before.isOwned();
    ifMatch.require(
        authority
            ? before.device().map(Device::revision)
            : before.registration().map(Registration::revision));
    Registration registration = before.registrationOrNew();
    Registration merged = registration.merged(patch, now);
    if (!authority) {
      return DeviceChange.of(before, before.with(before.device(), Optional.of(merged)));
    }
    Device device = before.deviceOrNew(now).merged(patch, before.userId(), now);
    boolean onlyDeviceChanges =
        merged.equals(registration) && !Optional.of(device).equals(before.device());
    // Record and registration are not read at the same moment. A write without a condition on the
    // registration could restore what a release has just removed.
    Registration written = onlyDeviceChanges ? merged.confirmed(now) : merged;
    return DeviceChange.of(before, before.with(Optional.of(device), Optional.of(written)));
  }

  /**
   * Removes the user's registration and, from a record without an owner, what only this user wrote. Throws
   * {@code RELEASE_FIRST} for the owner, and {@code NOT_FOUND} without a registration.
   */
  static DeviceChange unregister(DeviceSnapshot before, Instant now) {
    if (before.isOwned()) {
      throw Failure.of(DeviceFailures.RELEASE_FIRST, "You own this device: release it instead.");
    }
    Registration registration = before
        .registration()
        .orElseThrow(() -> Failure.notFound(
            "You have not registered the device %s.".formatted(before.deviceId())));
    ObjectNode sent = registration.details().orElseGet(Json::object);
    Optional<Device> device = before.hasOwner()
        ? before.device()
        : before.device().map(it -> it.withoutWordsOf(registration.userId(), sent, now));
    return DeviceChange.of(before, before.with(device, Optional.empty()));
  }
}
