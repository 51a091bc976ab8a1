package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.device.Device.Source;
import io.fleetwell.failure.Failure;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Predicate;

/** Sets and removes claim codes, for operators and devices themselves. */
public final class ClaimCodeChanges {
  /** The field of a body that has the claim code. */
  public static final String FIELD = ClaimCode.FIELD;

  private final DeviceStore devices;
  private final Clock clock;

  ClaimCodeChanges(DeviceStore devices, Clock clock) {
    this.devices = devices;
    this.clock = clock;
  }

  /**
   * Reads a new claim code from a body, and checks it; throws {@code INVALID} also for a weak code.
   *
   * @param isAbsent whether a value means "no code"
   * @param rule the detail of the failure {@code INVALID} for a value of another type
   */
  public static Optional<String> readNew(
      ObjectNode body, Predicate<JsonNode> isAbsent, String rule) {
    Optional<String> code = read(body, isAbsent, rule);
    code.ifPresent(ClaimCode::check);
    return code;
  }

  /** Reads a claim code of any strength, as {@link #readNew} does. */
  static Optional<String> read(ObjectNode body, Predicate<JsonNode> isAbsent, String rule) {
    JsonNode code = body.path(ClaimCode.FIELD);
    if (isAbsent.test(code)) {
      return Optional.empty();
    }
    if (!code.isTextual()) {
      throw Failure.invalidField(ClaimCode.POINTER, rule);
    }
    return Optional.of(code.textValue());
  }

  /** Sets a checked code, and replaces any other. */
  void set(String deviceId, String code, Actor actor) {
    ClaimCode kept = ClaimCode.of(code);
    devices.change(
        deviceId,
        Optional.empty(),
        before -> before.hasClaimCode(code)
            ? DeviceChange.of(before, before)
            : OwnershipRule.setClaimCode(
                before, Optional.of(kept), Source.of(actor.caller()), actor, clock.instant()));
  }

  /** Removes the code, if there is one. */
  void remove(String deviceId, Actor actor) {
    devices.change(
        deviceId,
        Optional.empty(),
        before -> before.hasClaimCode()
            ? OwnershipRule.setClaimCode(
                before, Optional.empty(), Source.of(actor.caller()), actor, clock.instant())
            : DeviceChange.of(before, before));
  }
}
