package io.fleetwell.device;

import io.fleetwell.auth.Actor;
import io.fleetwell.device.ClaimOutcome.AttemptNeeded;
import io.fleetwell.device.ClaimOutcome.Claimed;
import io.fleetwell.device.ClaimOutcome.Refused;
import io.fleetwell.device.ClaimOutcome.Repeated;
import io.fleetwell.device.Device.Ownership;
import io.fleetwell.device.Device.Source;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.Change;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.history.HistoryEvent.Proof;
import io.fleetwell.history.HistoryEvent.What;
import io.fleetwell.ids.UtcDay;
import io.fleetwell.revision.IfMatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How ownership of a device begins and ends. */
final class OwnershipRule {
  private OwnershipRule() {}

  /**
   * Decides a claim; its code is compared only after an attempt was taken. The precondition comes last, so that a client
   * that repeats a claim learns that it owns the device. A claim that fails for it is recorded like any other refusal;
   * otherwise it would tell without a trace whether a device has an owner.
   */
  static ClaimOutcome claim(
      DeviceSnapshot before, ClaimRequest request, boolean attemptTaken, Instant now) {
    if (comparesCode(before, request) && !attemptTaken) {
      return new AttemptNeeded(before);
    }
    Ownership ownership = new Ownership(before.userId().orElseThrow(), request.claimId());
    if (before.ownership().equals(Optional.of(ownership))) {
      return new Repeated(before);
    }
    if (before.hasOwner() || before.isHidden()) {
      return refuse(
          before, DeviceFailures.alreadyOwned(before.isOwned(), before.policy()), request, now);
    }
    if (before.needsClaimCode() && !isProven(before, request)) {
      return refuse(before, DeviceFailures.noClaimCode(), request, now);
    }
    if (!request.ifMatch().admits(before.shown().map(DeviceView::revision))) {
      return refuse(before, IfMatch.stale(), request, now);
    }
    return claimed(before, ownership, request, now);
  }

  private static Claimed claimed(
      DeviceSnapshot before, Ownership ownership, ClaimRequest request, Instant now) {
    Registration registration = before.registrationOrNew().claimed(now);
    Device device = before.deviceOrNew(now).claimed(ownership, registration.sent(), now);
    HistoryEvent event = device
        .event(What.CLAIMED, device.updated(), request.actor())
        .with(before.needsClaimCode() ? Proof.CLAIM_CODE : Proof.ISSUER_TOKEN)
        .with(HistoryEvent.OWNER, ownership.owner());
    DeviceSnapshot after = before.with(Optional.of(device), Optional.of(registration));
    UtcDay day = UtcDay.of(now);
    Failure tooManyClaims = DeviceFailures.tooManyClaims(Duration.between(now, day.end()));
    Refused tooOften = refuse(before, tooManyClaims, request, now);
    return new Claimed(before, after, List.of(event), day, tooOften);
  }

  /** Whether the claim's code is compared. It is not for an owned device, so nobody can try codes there. */
  private static boolean comparesCode(DeviceSnapshot snapshot, ClaimRequest request) {
    return request.code().isPresent()
        && !snapshot.hasOwner()
        && !snapshot.isHidden()
        && snapshot.needsClaimCode();
  }

  static boolean isProven(DeviceSnapshot snapshot, ClaimRequest request) {
    return request.code().filter(snapshot::hasClaimCode).isPresent();
  }

  static Refused refuse(DeviceSnapshot before, Failure failure, ClaimRequest request, Instant now) {
    Device device = before.deviceOrNew(now);
    Instant time = device.laterThanUpdated(now);
    HistoryEvent event = device
        .event(What.CLAIM_REFUSED, time, request.actor())
        .with(HistoryEvent.REASON, failure.kind().name());
    // An id without a record has no history: claims of made-up ids would fill it.
    return new Refused(before, failure, before.device().isEmpty() ? List.of() : List.of(event));
  }

  /** Refuses a claim for which the user's history of the day has no room. */
  static Refused tooManyClaims(DeviceSnapshot before, List<HistoryEvent> events) {
    Instant time = events.get(0).time();
    Duration wait = Duration.between(time, UtcDay.of(time).end());
    return new Refused(before, DeviceFailures.tooManyClaimsInAll(wait), List.of());
  }

  /**
   * Ends the ownership and deletes the owner's registration; throws {@code NOT_FOUND} unless the user is the owner, or
   * {@code STALE}.
   */
  static DeviceChange release(DeviceSnapshot before, IfMatch ifMatch, Actor actor, Instant now) {
    if (!before.isOwned()) {
      throw Failure.notFound("You own no device %s.".formatted(before.deviceId()));
    }
    ifMatch.require(before.device().map(Device::revision));
    return withoutOwner(before, actor, now);
  }

  /**
   * Ends the ownership of the snapshot's user at the request of an operator or the device itself. Claim code and keys
   * stay, because they belong to the device. Throws {@code NOT_FOUND} for a device without an owner, so a device may
   * repeat its call after a lost answer; or {@code STALE}.
   */
  static DeviceChange takeBack(DeviceSnapshot before, IfMatch ifMatch, Actor actor, Instant now) {
    if (!before.hasOwner()) {
      throw Failure.notFound("The device %s has no owner.".formatted(before.deviceId()));
    }
    ifMatch.require(before.device().map(Device::revision));
    return withoutOwner(before, actor, now);
  }

  private static DeviceChange withoutOwner(DeviceSnapshot before, Actor actor, Instant now) {
    Device released = before.deviceOrNew(now).released(now);
    HistoryEvent event = released
        .event(What.RELEASED, released.updated(), actor)
        .with(HistoryEvent.OWNER, before.userId().orElseThrow())
        .with(Change.ofField("owner", true, false));
    DeviceSnapshot after = before.with(Optional.of(released), Optional.empty());
    return DeviceChange.of(before, after, event);
  }

  /** Sets the claim code; an empty one removes it. */
  static DeviceChange setClaimCode(
      DeviceSnapshot before, Optional<ClaimCode> code, Source source, Actor actor, Instant now) {
    Device changed = before.deviceOrNew(now).withClaimCode(code, source, now);
    What what = code.isPresent() ? What.CLAIM_CODE_SET : What.CLAIM_CODE_REMOVED;
    DeviceSnapshot after = before.with(Optional.of(changed), before.registration());
    HistoryEvent event = changed
        .event(what, changed.updated(), actor)
        .with(Change.ofField(ClaimCode.FIELD, before.hasClaimCode(), code.isPresent()));
    return DeviceChange.of(before, after, event);
  }
}
