package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import java.time.Clock;
import java.util.Optional;

/** Carries out what the factory says about devices. */
public final class Enrolments {
  private final DeviceStore devices;
  private final Clock clock;

  public Enrolments(DeviceStore devices, Clock clock) {
    this.devices = devices;
    this.clock = clock;
  }

  /** Whether the claim code or a fact is new, and whether an ownership was ended. */
  public record Result(boolean isNew, boolean evicted) {}

  /**
   * Checks the facts on a line of the factory, and returns them normalized; throws {@code INVALID} with all wrong fields.
   *
   * @param pointer the JSON pointer of the facts
   */
  public static ObjectNode checkedFacts(ObjectNode facts, String pointer) {
    return DetailsSchema.checkedFacts(facts, pointer);
  }

  public boolean hasClaimCode(String deviceId) {
    return devices.read(deviceId, Optional.empty()).hasClaimCode();
  }

  /**
   * Sets the first claim code, and adds facts that nobody told before. It changes nothing else, so a line may be
   * repeated at any time.
   *
   * @throws io.fleetwell.failure.Failure {@code CLAIM_CODE_EXISTS} if the device has another code; {@code ALREADY_OWNED}
   *     if it has an owner who may be a squatter, and the factory does not say whether they go; nothing is then stored
   */
  public Result enrol(Enrolment enrolment, Actor actor) {
    Optional<ClaimCode> code = enrolment.claimCode().map(ClaimCode::of);
    DeviceChange change = devices.changeWithOwner(
        enrolment.deviceId(),
        before -> EnrolmentRule.enrol(before, enrolment, code, actor, clock.instant()));
    boolean isNew = !told(change.before()).equals(told(change.after()))
        || change.before().hasClaimCode() != change.after().hasClaimCode();
    return new Result(isNew, change.before().hasOwner() && !change.after().hasOwner());
  }

  private static Optional<ObjectNode> told(DeviceSnapshot snapshot) {
    return snapshot.device().map(it -> it.details().toldFacts()).filter(it -> !it.isEmpty());
  }
}
