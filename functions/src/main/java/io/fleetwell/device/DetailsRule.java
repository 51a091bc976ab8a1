package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.device.Device.Source;
import io.fleetwell.device.DeviceChange.Apart;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.history.HistoryEvent.What;
import io.fleetwell.revision.Preconditions;
import java.time.Instant;
import java.util.Optional;

/** How details that a caller sends change a device. */
final class DetailsRule {
  private DetailsRule() {}

  /** Merges details from an operator; throws as {@link #tell}. Their edit is an event, unless it changes nothing. */
  static DeviceChange edit(
      DeviceSnapshot before,
      ObjectNode patch,
      Actor operator,
      Preconditions preconditions,
      Instant now) {
    DeviceChange change = tell(before, patch, Source.OPERATOR, preconditions, now);
    Device edited = change.after().deviceOrNew(now);
    HistoryEvent event = edited
        .event(What.DEVICE_CHANGED, edited.updated(), operator)
        .with(DetailsChange.of(before.deviceOrNew(now).details(), edited.details()));
    return DeviceChange.of(before, change.after(), event);
  }

  /** Merges details from the device itself or an operator; throws {@code STALE} or {@code TOO_LARGE}. */
  static DeviceChange tell(
      DeviceSnapshot before,
      ObjectNode patch,
      Source source,
      Preconditions preconditions,
      Instant now) {
    preconditions.require(before.device().map(Device::revision));
    Device told = before.deviceOrNew(now).told(patch, source, now);
    return DeviceChange.of(before, before.with(Optional.of(told), before.registration()));
  }

  /**
   * Registers the device with a user. The registration keeps their details. The details of a user with authority also
   * become part of the record, if they have room there. Throws {@code STALE}, or {@code TOO_LARGE} for the registration.
   */
  static DeviceChange register(
      DeviceSnapshot before, ObjectNode patch, Preconditions preconditions, Instant now) {
    boolean authority = before.isOwned() || before.isOpen();
    Optional<? extends DeviceView> present =
        authority ? before.recordOrRegistration() : before.registration();
    preconditions.require(present.map(DeviceView::revision), before.isRegistered());
    Registration registration = before.registrationOrNew();
    Registration merged = registration.merged(patch, now);
    Optional<Device> device = authority
        ? before.deviceOrNew(now).said(patch, registration.userId(), now)
        : Optional.empty();
    if (device.isEmpty()) {
      return new Apart(before, before.with(before.device(), Optional.of(merged)));
    }
    DeviceSnapshot after = before.with(device, Optional.of(merged));
    boolean onlyDeviceChanges =
        merged.equals(registration) && !after.device().equals(before.device());
    // Record and registration are not read at the same moment. A write without a condition on the
    // registration could restore what a release has just removed.
    return DeviceChange.of(
        before, onlyDeviceChanges ? after.with(device, Optional.of(merged.confirmed(now))) : after);
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
    Optional<Device> device = before.hasOwner()
        ? before.device()
        : before.device().map(it -> it.withoutWordsOf(registration.userId(), now));
    return DeviceChange.of(before, before.with(device, Optional.empty()));
  }
}
