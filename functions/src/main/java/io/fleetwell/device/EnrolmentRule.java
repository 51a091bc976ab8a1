package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.device.Device.Source;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.DeviceEvent;
import io.fleetwell.json.Json;
import io.fleetwell.revision.IfMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How what the factory says changes a device. */
final class EnrolmentRule {
  private EnrolmentRule() {}

  /**
   * Decides about a line of the factory. The snapshot's user is the device's owner.
   *
   * @param code the digest of the line's claim code
   */
  static DeviceChange enrol(
      DeviceSnapshot before,
      Enrolment enrolment,
      Optional<ClaimCode> code,
      Actor actor,
      Instant now) {
    boolean hasThisCode = enrolment.claimCode().filter(before::hasClaimCode).isPresent();
    if (code.isPresent() && before.hasClaimCode() && !hasThisCode) {
      throw Failure.of(
          DeviceFailures.CLAIM_CODE_EXISTS,
          "The device already has another claim code. To replace it, PUT its claimcode.");
    }
    List<DeviceEvent> events = new ArrayList<>();
    DeviceSnapshot changed = before;
    if (evicts(before, enrolment)) {
      DeviceChange released = OwnershipRule.takeBack(changed, IfMatch.NONE, actor, now);
      changed = released.after();
      events.addAll(released.events());
    }
    if (code.isPresent() && !hasThisCode) {
      DeviceChange set = OwnershipRule.setClaimCode(changed, code, Source.FACTORY, actor, now);
      changed = set.after();
      events.addAll(set.events());
    }
    ObjectNode facts = enrolment.facts().orElseGet(Json::object);
    Device told = changed.deviceOrNew(now).toldByFactory(facts, now);
    return DeviceChange.of(before, changed.with(Optional.of(told), changed.registration()), events);
  }

  /**
   * Whether the owner goes: at the first enrolment, if nobody but users ever spoke of the device. Whoever owns a device
   * that nobody has made yet may be a squatter. Only the factory knows, so it must say.
   */
  private static boolean evicts(DeviceSnapshot before, Enrolment enrolment) {
    boolean decides = enrolment.isFirst()
        && before.hasOwner()
        && !before.hasClaimCode()
        && before.device().stream()
            .flatMap(it -> it.sources().stream())
            .allMatch(Source.FACTORY::equals);
    if (!decides) {
      return false;
    }
    return enrolment
        .evict()
        .orElseThrow(() -> Failure.of(
            DeviceFailures.ALREADY_OWNED,
            "A user owned this id before the factory enrolled it. Send evict: true if the device is new, and that ownership must end; or evict: false if the device is theirs.",
            Map.of("yours", false)));
  }
}
