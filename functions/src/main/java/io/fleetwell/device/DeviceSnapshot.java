package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.device.Device.Ownership;
import io.fleetwell.failure.Failure;
import io.fleetwell.ids.ComparedText;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * The state of one device, as one caller's permissions depend on it.
 *
 * @param userId the user who calls, or whose data the call changes; empty for none
 * @param device the record, if the device has one
 * @param registration that user's registration, if they have one
 * @param policy what the deployment allows users
 */
public record DeviceSnapshot(
    String deviceId,
    Optional<String> userId,
    Optional<Device> device,
    Optional<Registration> registration,
    DevicePolicy policy) {
  /**
   * Whether the user may see and change the device: as its owner or, if the device is open to all, as a user who
   * registered it.
   */
  boolean hasAuthority() {
    return isOwned() || (isOpen() && isRegistered());
  }

  /** Whether the user registered the device. A claim alone is no registration. */
  boolean isRegistered() {
    return registration.flatMap(Registration::details).isPresent();
  }

  /** Whether every user who registers the device may see and change it: it has no owner, and needs no claim code. */
  boolean isOpen() {
    return !hasOwner() && !isHidden() && !needsClaimCode();
  }

  /** Whether users may not know that there is no such device. */
  boolean isHidden() {
    return device.isEmpty() && policy.knownDevicesOnly();
  }

  boolean needsClaimCode() {
    return policy.claimCodeRequired() || hasClaimCode();
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

  /** Whether a fact that is shown and this text are equal as {@link ComparedText}s; never for a missing or empty fact. */
  boolean showsFact(String field, String value) {
    return device
        .flatMap(it -> it.shownFacts().compared(field))
        .filter(ComparedText.of(value)::equals)
        .isPresent();
  }

  boolean isSerialTold() {
    return device.filter(Device::isSerialTold).isPresent();
  }

  /** Whether the caller may see the device and act for it. A user must be the snapshot's user. */
  public boolean admits(Principal caller) {
    return switch (caller.kind()) {
      case OPERATOR, SUPPORT -> true;
      case DEVICE -> caller.isDevice(deviceId);
      case USER -> hasAuthority();
    };
  }

  /**
   * The record or, if there is none, the registration of a user with authority; throws {@code NOT_FOUND}, with the same
   * text, if both are missing or the caller may not see them.
   */
  public DeviceView visibleTo(Principal caller) {
    return (admits(caller) ? recordOrRegistration() : Optional.<DeviceView>empty())
        .orElseThrow(
            () -> Failure.notFound("There is no device %s that you may see.".formatted(deviceId)));
  }

  /**
   * The record or, if there is none, the user's registration. A user without authority gets their own registration, if they
   * have one.
   */
  Optional<? extends DeviceView> shown() {
    return hasAuthority() || registration.isEmpty() ? recordOrRegistration() : registration;
  }

  /** As {@link #shown}, after a change that leaves something to see. */
  DeviceView view() {
    return shown().orElseThrow();
  }

  Optional<? extends DeviceView> recordOrRegistration() {
    return device.isPresent() ? device : registration;
  }

  /**
   * The facts by which firmware is chosen for the caller; throws {@code NOT_FOUND} like {@link #visibleTo}. A user gets
   * what was told and, for the rest, what they registered, because they could send the same as parameters.
   */
  public DeviceFacts factsFor(Principal caller) {
    visibleTo(caller);
    ObjectNode told = device.map(it -> it.details().toldFacts()).orElseGet(Json::object);
    return caller.userId().isEmpty()
        ? device.orElseThrow().facts()
        : new DeviceFacts(Tree.union(told, registrationOrNew().sent()));
  }

  /** The record, or an empty one if the device has none yet. */
  Device deviceOrNew(Instant now) {
    return device.orElseGet(() -> Device.unknown(deviceId, now));
  }

  /** The user's registration, or an empty one if they have none yet. */
  Registration registrationOrNew() {
    return registration.orElseGet(() -> Registration.none(userId.orElseThrow(), deviceId));
  }

  /**
   * The next state. A record in which nothing is left to keep goes, unless only records make devices known to users: a device
   * with a key alone could then never be claimed again.
   */
  DeviceSnapshot with(Optional<Device> device, Optional<Registration> registration) {
    Optional<Device> kept = device.filter(it -> policy.knownDevicesOnly() || !it.isVoid());
    return new DeviceSnapshot(deviceId, userId, kept, registration, policy);
  }
}
