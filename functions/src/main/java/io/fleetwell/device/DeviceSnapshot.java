package io.fleetwell.device;

import io.fleetwell.auth.Principal;
import io.fleetwell.device.Device.Ownership;
import io.fleetwell.failure.Failure;
import java.time.Instant;
import java.util.Optional;

/**
 * All that decides what one caller may see and do of one device, at one moment.
 *
 * @param userId the user for whom it was taken; empty when the caller is no user
 * @param device the device's record, if there is one
 * @param registration that user's, if there is one
 */
public record DeviceSnapshot(
    String deviceId,
    Optional<String> userId,
    Optional<Device> device,
    Optional<Registration> registration) {
  /**
   * Whether the user may see and change the device: as its owner or, while it has no owner, as one of the users who
   * registered it.
   */
  public boolean hasAuthority() {
    return hasOwner()
        ? isOwned()
        : userId.isPresent() && registration.flatMap(Registration::details).isPresent();
  }

  /** Whether the user owns the device. */
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

  /** Whether a detail at the top of the record is this string, which is not empty. */
  boolean hasText(String field, String value) {
    return device.flatMap(it -> it.text(field)).filter(value::equals).isPresent();
  }

  /** Whether the caller, for whom this was taken, may see the device and act for it. */
  public boolean admits(Principal caller) {
    return switch (caller.kind()) {
      case OPERATOR -> true;
      case DEVICE -> caller.isDevice(deviceId);
      case USER -> hasAuthority();
    };
  }

  /**
   * The record, for a caller who may see it.
   *
   * @throws Failure {@code NOT_FOUND} for others, in the same words as when there is no record
   */
  public Device visibleTo(Principal caller) {
    return device
        .filter(it -> admits(caller))
        .orElseThrow(
            () -> Failure.notFound("There is no device %s that you may see.".formatted(deviceId)));
  }

  /** What the user is shown: the record or, without authority over it, their registration if they have one. */
  DeviceView view() {
    return hasAuthority() || registration.isEmpty() ? device.orElseThrow() : registration.get();
  }

  /** The record, or an empty one if there is none yet. */
  Device deviceOrNew(Instant now) {
    return device.orElseGet(() -> Device.unknown(deviceId, now));
  }

  /** The user's registration, or an empty one if there is none yet. */
  Registration registrationOrNew() {
    return registration.orElseGet(() -> Registration.none(userId.orElseThrow(), deviceId));
  }

  DeviceSnapshot with(Optional<Device> device, Optional<Registration> registration) {
    return new DeviceSnapshot(deviceId, userId, device, registration);
  }
}
