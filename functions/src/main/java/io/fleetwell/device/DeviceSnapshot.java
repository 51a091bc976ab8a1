package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.device.Device.Claim;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.Failure.Kind;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All that decides what one caller may see and do of one device, at one moment; and, as pure functions from one
 * snapshot to the next, every way in which it may change.
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
   * Whether the user may see and change the device: as its owner or, while it has none, as one of those who registered
   * it.
   */
  public boolean hasAuthority() {
    return userId.isPresent() && hasAuthority(userId.get());
  }

  private boolean hasAuthority(String user) {
    Optional<Claim> claim = device.flatMap(Device::claim);
    return claim.isPresent()
        ? claim.get().owner().equals(user)
        : registration.flatMap(Registration::details).isPresent();
  }

  public boolean isOwned() {
    return userId.isPresent() && device.isPresent() && device.get().isOwnedBy(userId.get());
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
   * @throws Failure {@code NOT_FOUND} for others, in the same words as when there is none
   */
  public Device visibleTo(Principal caller) {
    return device
        .filter(it -> admits(caller))
        .orElseThrow(
            () -> Failure.notFound("There is no device %s that you may see.".formatted(deviceId)));
  }

  /** What the user is shown: the record where they have authority, else what they sent themselves. */
  ObjectNode json() {
    return hasAuthority() || registration.isEmpty()
        ? device.orElseThrow().json()
        : registration.get().json();
  }

  /** The revision of what {@link #json} shows; empty if there is nothing to show. */
  Optional<String> revision() {
    return hasAuthority() || registration.isEmpty()
        ? device.map(Device::revision)
        : registration.map(Registration::revision);
  }

  /** When what {@link #json} shows last changed. */
  Instant updated() {
    return hasAuthority() || registration.isEmpty()
        ? device.orElseThrow().updated()
        : registration.get().updated();
  }

  /** After the device itself, or an operator, told of it. */
  DeviceSnapshot described(
      ObjectNode patch, Predicate<Optional<String>> precondition, Instant now) {
    checkPrecondition(precondition, device.map(Device::revision));
    Device merged =
        device.orElseGet(() -> Device.unknown(deviceId, now)).merged(patch, Optional.empty(), now);
    return new DeviceSnapshot(deviceId, userId, Optional.of(merged), registration);
  }

  /**
   * After the user registered the device. What they sent is kept as theirs; it becomes part of the record only with
   * authority, which whoever registers a device without an owner has.
   */
  DeviceSnapshot registered(
      ObjectNode patch, Predicate<Optional<String>> precondition, Instant now) {
    String user = userId.orElseThrow();
    boolean free = device.flatMap(Device::claim).isEmpty();
    boolean authority = free || isOwned();
    checkPrecondition(
        precondition,
        authority ? device.map(Device::revision) : registration.map(Registration::revision));
    Registration before = registration.orElseGet(() -> Registration.none(user, deviceId, now));
    Registration merged = before.merged(patch, now);
    if (!authority) {
      return new DeviceSnapshot(deviceId, userId, device, Optional.of(merged));
    }
    Device newDevice =
        device.orElseGet(() -> Device.unknown(deviceId, now)).merged(patch, userId, now);
    boolean deviceAlone = merged.equals(before) && !device.equals(Optional.of(newDevice));
    // The two are not read in one moment. Without a condition on the registration too, one that was
    // just released would bring back what the release forgot.
    Registration newRegistration = deviceAlone ? merged.confirmed(now) : merged;
    return new DeviceSnapshot(
        deviceId, userId, Optional.of(newDevice), Optional.of(newRegistration));
  }

  private static void checkPrecondition(
      Predicate<Optional<String>> precondition, Optional<String> revision) {
    if (!precondition.test(revision)) {
      throw Failure.of(
          Kind.STALE,
          "The record is not, or no longer, the one that If-Match names: get it and send the change again.");
    }
  }

  /**
   * After the user claimed the device.
   *
   * @param claimId this claim's own; where it stands in the record, this very claim has been carried out before
   * @throws Failure {@code ALREADY_OWNED}, with {@code yours} telling whether by the same user
   */
  DeviceSnapshot claimed(String claimId, Instant now) {
    Claim claim = new Claim(userId.orElseThrow(), claimId);
    Optional<Claim> present = device.flatMap(Device::claim);
    if (present.isPresent() && present.get().equals(claim)) {
      return this;
    }
    if (present.isPresent()) {
      boolean yours = isOwned();
      String detail = yours
          ? "You own this device already."
          : "This device has an owner, who must release it first.";
      throw Failure.of(Kind.ALREADY_OWNED, detail, Map.of("yours", yours));
    }
    return new DeviceSnapshot(
        deviceId,
        userId,
        Optional.of(device.orElseGet(() -> Device.unknown(deviceId, now)).claimed(claim, now)),
        Optional.of(registration
            .orElseGet(() -> Registration.none(claim.owner(), deviceId, now))
            .claimed(now)));
  }

  /**
   * After its owner released the device, and with it their registration.
   *
   * @throws Failure {@code NOT_FOUND} unless the user is the owner
   */
  DeviceSnapshot released(Instant now) {
    if (!isOwned()) {
      throw Failure.notFound("You own no device %s.".formatted(deviceId));
    }
    return new DeviceSnapshot(
        deviceId, userId, device.map(it -> it.released(now)), Optional.empty());
  }
}
