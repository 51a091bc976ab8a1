package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.device.ClaimRequest.Refusal;
import io.fleetwell.device.Device.Claim;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.Failure.Kind;
import io.fleetwell.history.DeviceEvent;
import io.fleetwell.history.DeviceEvent.Proof;
import io.fleetwell.history.DeviceEvent.What;
import io.fleetwell.history.Origin;
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
 * @param event what happened, where this came of a change that history tells of
 */
public record DeviceSnapshot(
    String deviceId,
    Optional<String> userId,
    Optional<Device> device,
    Optional<Registration> registration,
    Optional<DeviceEvent> event) {
  /** As it was read. */
  DeviceSnapshot(
      String deviceId,
      Optional<String> userId,
      Optional<Device> device,
      Optional<Registration> registration) {
    this(deviceId, userId, device, registration, Optional.empty());
  }

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
    Device merged = known(now).merged(patch, Optional.empty(), now);
    return new DeviceSnapshot(deviceId, userId, Optional.of(merged), registration);
  }

  /**
   * After the user registered the device. What they sent is kept as theirs; it becomes part of the record only with
   * authority, which whoever registers a device without an owner has.
   */
  DeviceSnapshot registered(
      ObjectNode patch, Predicate<Optional<String>> precondition, Instant now) {
    String user = userId.orElseThrow();
    boolean authority = !hasOwner() || isOwned();
    checkPrecondition(
        precondition,
        authority ? device.map(Device::revision) : registration.map(Registration::revision));
    Registration before = registration.orElseGet(() -> Registration.none(user, deviceId));
    Registration merged = before.merged(patch, now);
    if (!authority) {
      return new DeviceSnapshot(deviceId, userId, device, Optional.of(merged));
    }
    Device newDevice = known(now).merged(patch, userId, now);
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

  /** Whether it was taken for the owner; or for nobody, and there is none. */
  boolean isOfItsOwner() {
    return device.flatMap(Device::claim).map(Claim::owner).equals(userId);
  }

  boolean hasOwner() {
    return device.flatMap(Device::claim).isPresent();
  }

  /** Whether only whoever knows its claim code may claim the device. */
  boolean needsCode(ClaimRequest request) {
    return request.codeRequired() || hasClaimCode();
  }

  /** Whether it depends on the claim's code. An owned device is owned, whatever the code. */
  boolean comparesCode(ClaimRequest request) {
    return request.code().isPresent() && !hasOwner() && needsCode(request);
  }

  /** Whether the claim carries the device's claim code. */
  boolean isProvenBy(ClaimRequest request) {
    return request.code().filter(this::hasClaimCode).isPresent();
  }

  /** After the user claimed the device; or as it was, with the event of the refusal. */
  DeviceSnapshot claimed(ClaimRequest request, Instant now) {
    Claim claim = new Claim(userId.orElseThrow(), request.claimId());
    if (device.flatMap(Device::claim).equals(Optional.of(claim))) {
      return this;
    }
    if (hasOwner()) {
      return with(refused(request, Refusal.ALREADY_OWNED, now));
    }
    if (needsCode(request) && !isProvenBy(request)) {
      return with(refused(request, Refusal.CLAIM_CODE, now));
    }
    Device claimed = known(now).claimed(claim, now);
    DeviceEvent event = event(What.CLAIMED, claimed, request.origin())
        .with(needsCode(request) ? Proof.CLAIM_CODE : Proof.ISSUER_TOKEN)
        .with(DeviceEvent.OWNER, claim.owner());
    Registration owned =
        registration.orElseGet(() -> Registration.none(claim.owner(), deviceId)).claimed(now);
    return new DeviceSnapshot(
        deviceId, userId, Optional.of(claimed), Optional.of(owned), Optional.of(event));
  }

  /** That a claim was refused. */
  DeviceEvent refused(ClaimRequest request, Refusal reason, Instant now) {
    Device met = known(now);
    DeviceEvent event = DeviceEvent.of(
        deviceId, What.CLAIM_REFUSED, met.laterThanUpdated(now), met.version(), request.origin());
    return withRevision(event, met).with(DeviceEvent.REASON, reason.word());
  }

  /** Why the claim of which this came was refused; empty if it was not. */
  Optional<Failure> refusal() {
    return event
        .map(it -> it.about().get(DeviceEvent.REASON))
        .map(reason -> reason.equals(Refusal.ALREADY_OWNED.word()) ? alreadyOwned() : noCode());
  }

  private Failure alreadyOwned() {
    String detail = isOwned()
        ? "You own this device already."
        : "This device has an owner, who must release it first.";
    return Failure.of(Kind.ALREADY_OWNED, detail, Map.of("yours", isOwned()))
        .counting(Refusal.ALREADY_OWNED.count());
  }

  private static Failure noCode() {
    return Failure.of(
            Kind.CLAIM_CODE,
            "Send the device's claim code, which is on its box or its screen, as claimcode in a JSON body; this was none, or not the right one.")
        .counting(Refusal.CLAIM_CODE.count());
  }

  /**
   * After its owner released the device, and with it their registration.
   *
   * @throws Failure {@code NOT_FOUND} unless the user is the owner
   */
  DeviceSnapshot released(Origin origin, Instant now) {
    if (!isOwned()) {
      throw Failure.notFound("You own no device %s.".formatted(deviceId));
    }
    return withoutOwner(origin, now);
  }

  /**
   * After an operator, or the device itself, took it from its owner, for whom this was taken.
   *
   * @throws Failure {@code NOT_FOUND} when it has no owner
   */
  DeviceSnapshot takenBack(Origin origin, Instant now) {
    if (!hasOwner()) {
      throw Failure.notFound("The device %s has no owner.".formatted(deviceId));
    }
    return withoutOwner(origin, now);
  }

  private DeviceSnapshot withoutOwner(Origin origin, Instant now) {
    Device released = device.orElseThrow().released(now);
    DeviceEvent event =
        event(What.RELEASED, released, origin).with(DeviceEvent.OWNER, userId.orElseThrow());
    return new DeviceSnapshot(
        deviceId, userId, Optional.of(released), Optional.empty(), Optional.of(event));
  }

  boolean hasClaimCode() {
    return device.flatMap(Device::claimCode).isPresent();
  }

  boolean hasClaimCode(String code) {
    return device.flatMap(Device::claimCode).filter(it -> it.matches(code)).isPresent();
  }

  /** After the device, or an operator, set its claim code, or removed it. */
  DeviceSnapshot withClaimCode(Optional<ClaimCode> code, Origin origin, Instant now) {
    Device changed = known(now).withClaimCode(code, now);
    What what = code.isPresent() ? What.CLAIM_CODE_SET : What.CLAIM_CODE_REMOVED;
    return new DeviceSnapshot(
        deviceId,
        userId,
        Optional.of(changed),
        registration,
        Optional.of(event(what, changed, origin)));
  }

  private Device known(Instant now) {
    return device.orElseGet(() -> Device.unknown(deviceId, now));
  }

  private DeviceSnapshot with(DeviceEvent newEvent) {
    return new DeviceSnapshot(deviceId, userId, device, registration, Optional.of(newEvent));
  }

  private static DeviceEvent event(What what, Device made, Origin origin) {
    return withRevision(
        DeviceEvent.of(made.id(), what, made.updated(), made.version(), origin), made);
  }

  private static DeviceEvent withRevision(DeviceEvent event, Device device) {
    return device.version() == 0 ? event : event.with(DeviceEvent.REVISION, device.revision());
  }
}
