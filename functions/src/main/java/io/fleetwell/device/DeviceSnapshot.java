package io.fleetwell.device;

import io.fleetwell.auth.Principal;
import io.fleetwell.device.Device.Ownership;
import io.fleetwell.failure.Failure;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of one device, as one caller's permissions depend on it.
 *
 * @param userId the user who calls, or whose data the call changes; empty for none
 * @param device the record, if the device has one
 * @param registration that user's registration, if they have one
 */
public record DeviceSnapshot(
    String deviceId,
    Optional<String> userId,
    Optional<Device> device,
    Optional<Registration> registration) {
  /** Whether the user may see and change the device: as its owner or, if it has none, as a user who registered it. */
  public boolean hasAuthority() {
    return hasOwner()
        ? isOwned()
        : userId.isPresent() && registration.flatMap(Registration::details).isPresent();
  }

  public boolean isOwned() {
    return userId.isPresent() && owner().equals(userId);
  }

  boolean hasOwner() {
    return owner().isPresent();
  }

  Optional<String> owner() {
    return ownership().map(Ownership::owner);
  }

  Optional<Ownership> ownership() {
    return device.flatMap(Device::ownership);
  }

  boolean hasClaimCode() {
    return device.flatMap(Device::claimCode).isPresent();
  }

  boolean hasClaimCode(String code) {
    return device.flatMap(Device::claimCode).filter(it -> it.matches(code)).isPresent();
  }

  /** Whether a top-level detail is this string; never for the empty string. */
  boolean hasText(String field, String value) {
    return device.flatMap(it -> it.text(field)).filter(value::equals).isPresent();
  }

  /** Whether the caller may see the device and act for it. A user must be the snapshot's user. */
  public boolean admits(Principal caller) {
    return switch (caller.kind()) {
      case OPERATOR -> true;
      case DEVICE -> caller.isDevice(deviceId);
      case USER -> hasAuthority();
    };
  }

  /** The record; throws {@code NOT_FOUND}, with the same text, if it is missing or the caller may not see it. */
  public Device visibleTo(Principal caller) {
    return device
        .filter(it -> admits(caller))
        .orElseThrow(
            () -> Failure.notFound("There is no device %s that you may see.".formatted(deviceId)));
  }

  /** What the user sees: the record or, without authority, their own registration if they have one. */
  DeviceView view() {
    return hasAuthority() || registration.isEmpty() ? device.orElseThrow() : registration.get();
  }

  /** The record, or an empty one if the device has none yet. */
  Device deviceOrNew(Instant now) {
    return device.orElseGet(() -> Device.unknown(deviceId, now));
  }

  /** The user's registration, or an empty one if they have none yet. */
  Registration registrationOrNew() {
    return registration.orElseGet(() -> Registration.none(userId.orElseThrow(), deviceId));
  }

  DeviceSnapshot with(Optional<Device> device, Optional<Registration> registration) {
    return new DeviceSnapshot(deviceId, userId, device, registration);
  }
}
