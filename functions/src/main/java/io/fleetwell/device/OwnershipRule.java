package io.fleetwell.device;

import io.fleetwell.auth.Actor;
import io.fleetwell.device.ClaimOutcome.AttemptNeeded;
import io.fleetwell.device.ClaimOutcome.Claimed;
import io.fleetwell.device.ClaimOutcome.Refused;
import io.fleetwell.device.Device.Ownership;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.DeviceEvent;
import io.fleetwell.history.DeviceEvent.Proof;
import io.fleetwell.history.DeviceEvent.What;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How a device gets an owner, and how ownership ends. */
final class OwnershipRule {
  private OwnershipRule() {}

  /**
   * The user claims the device.
   *
   * @param attemptTaken whether the claim's code may be compared
   */
  static ClaimOutcome claim(
      DeviceSnapshot before, ClaimRequest request, boolean attemptTaken, Instant now) {
    if (comparesCode(before, request) && !attemptTaken) {
      return new AttemptNeeded(before);
    }
    Ownership ownership = new Ownership(before.userId().orElseThrow(), request.claimId());
    if (before.ownership().equals(Optional.of(ownership))) {
      return new Claimed(before, before, Optional.empty());
    }
    if (before.hasOwner()) {
      return refuse(before, DeviceFailures.ALREADY_OWNED, request, now);
    }
    if (needsCode(before, request) && !isProven(before, request)) {
      return refuse(before, DeviceFailures.CLAIM_CODE, request, now);
    }
    return claimed(before, ownership, request, now);
  }

  private static Claimed claimed(
      DeviceSnapshot before, Ownership ownership, ClaimRequest request, Instant now) {
    String user = ownership.owner();
    Device device = before.deviceOrNew(now).claimed(ownership, now);
    Registration registration = before
        .registration()
        .orElseGet(() -> Registration.none(user, before.deviceId()))
        .claimed(now);
    DeviceEvent event = event(What.CLAIMED, device, request.actor())
        .with(needsCode(before, request) ? Proof.CLAIM_CODE : Proof.ISSUER_TOKEN)
        .with(DeviceEvent.OWNER, user);
    return new Claimed(before, before.with(device, Optional.of(registration)), Optional.of(event));
  }

  /** Whether a claim of the device needs its claim code. */
  private static boolean needsCode(DeviceSnapshot snapshot, ClaimRequest request) {
    return request.codeRequired() || snapshot.hasClaimCode();
  }

  /** Whether the claim's code decides. It does not for an owned device, so nobody can try codes there. */
  private static boolean comparesCode(DeviceSnapshot snapshot, ClaimRequest request) {
    return request.code().isPresent() && !snapshot.hasOwner() && needsCode(snapshot, request);
  }

  /** Whether the claim has the device's claim code. */
  static boolean isProven(DeviceSnapshot snapshot, ClaimRequest request) {
    return request.code().filter(snapshot::hasClaimCode).isPresent();
  }

  private static Refused refuse(
      DeviceSnapshot before, FailureKind reason, ClaimRequest request, Instant now) {
    return refuse(before, reason, request, Optional.empty(), now);
  }

  /** The claim is refused. */
  static Refused refuse(
      DeviceSnapshot before,
      FailureKind reason,
      ClaimRequest request,
      Optional<Duration> retryAfter,
      Instant now) {
    Device met = before.deviceOrNew(now);
    DeviceEvent event = DeviceEvent.of(
        met.id(), What.CLAIM_REFUSED, met.laterThanUpdated(now), met.version(), request.actor());
    return new Refused(
        before,
        reason,
        withRevision(event, met).with(DeviceEvent.REASON, reason.name()),
        retryAfter);
  }

  /**
   * The owner releases the device, and with it their registration.
   *
   * @throws Failure {@code NOT_FOUND} unless the user is the owner
   */
  static DeviceChange release(DeviceSnapshot before, Actor actor, Instant now) {
    if (!before.isOwned()) {
      throw Failure.notFound("You own no device %s.".formatted(before.deviceId()));
    }
    return withoutOwner(before, actor, now);
  }

  /**
   * An operator, or the device itself, ends the ownership of the user for whom the snapshot was taken.
   *
   * @throws Failure {@code NOT_FOUND} when the device has no owner
   */
  static DeviceChange takeBack(DeviceSnapshot before, Actor actor, Instant now) {
    if (!before.hasOwner()) {
      throw Failure.notFound("The device %s has no owner.".formatted(before.deviceId()));
    }
    return withoutOwner(before, actor, now);
  }

  private static DeviceChange withoutOwner(DeviceSnapshot before, Actor actor, Instant now) {
    Device released = before.deviceOrNew(now).released(now);
    DeviceEvent event = event(What.RELEASED, released, actor)
        .with(DeviceEvent.OWNER, before.userId().orElseThrow());
    return DeviceChange.of(before, before.with(released, Optional.empty()), event);
  }

  /** The device's claim code is set, or removed. */
  static DeviceChange setClaimCode(
      DeviceSnapshot before, Optional<ClaimCode> code, Actor actor, Instant now) {
    Device changed = before.deviceOrNew(now).withClaimCode(code, now);
    What what = code.isPresent() ? What.CLAIM_CODE_SET : What.CLAIM_CODE_REMOVED;
    return DeviceChange.of(before, before.with(changed), event(what, changed, actor));
  }

  private static DeviceEvent event(What what, Device made, Actor actor) {
    DeviceEvent event = DeviceEvent.of(made.id(), what, made.updated(), made.version(), actor);
    return withRevision(event, made);
  }

  private static DeviceEvent withRevision(DeviceEvent event, Device device) {
    return device.version() == 0 ? event : event.with(DeviceEvent.REVISION, device.revision());
  }
}
