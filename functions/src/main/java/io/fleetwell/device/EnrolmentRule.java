package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.device.Device.Source;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.json.Json;
import io.fleetwell.revision.IfMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How an enrolment by the factory changes a device. */
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
    ObjectNode facts = enrolment.facts().orElseGet(Json::object);
    Source source = enrolment.enrols() ? Source.ENROLMENT : Source.FACTORY;
    List<HistoryEvent> events = new ArrayList<>();
    DeviceSnapshot changed = before;
    boolean evicts = evicts(before, enrolment);
    if (evicts || !facts.isEmpty()) {
      // First, because a record that only users wrote would go with its owner, and its revisions
      // start again.
      changed = toldByFactory(changed, facts, source, now);
    }
    if (evicts) {
      DeviceChange released = OwnershipRule.takeBack(changed, IfMatch.NONE, actor, now);
      changed = released.after();
      events.addAll(released.events());
    }
    if (code.isPresent() && !hasThisCode) {
      DeviceChange set = OwnershipRule.setClaimCode(changed, code, source, actor, now);
      changed = set.after();
      events.addAll(set.events());
    }
    return DeviceChange.of(before, toldByFactory(changed, facts, source, now), events);
  }

  private static DeviceSnapshot toldByFactory(
      DeviceSnapshot before, ObjectNode facts, Source source, Instant now) {
    Device told = before.deviceOrNew(now).toldByFactory(facts, source, now);
    return before.with(Optional.of(told), before.registration());
  }

  /**
   * Whether the owner goes: at the first enrolment, if neither the device nor an operator ever wrote the record. Such an owner
   * may be a squatter, who claimed the id before the device was made. Only the factory knows, so it must say.
   */
  private static boolean evicts(DeviceSnapshot before, Enrolment enrolment) {
    boolean decides = enrolment.enrols()
        && !enrolment.hadKeys()
        && before.hasOwner()
        && !before.hasClaimCode()
        && before.device().stream()
            .flatMap(it -> it.sources().stream())
            .allMatch(Source.FACTORY.name()::equals);
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
