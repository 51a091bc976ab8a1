package io.fleetwell.device;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.Failure.Kind;
import io.fleetwell.history.Origin;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/** How a device gets its claim code, from an operator, the factory, or the device itself. */
public final class ClaimCodes {
  private final DeviceStore devices;
  private final Clock clock;

  public ClaimCodes(DeviceStore devices, Clock clock) {
    this.devices = devices;
    this.clock = clock;
  }

  /**
   * Makes sure that a code could be set.
   *
   * @param pointer where it was sent, for the error
   * @throws Failure {@code INVALID} when it is none, or one that could be guessed
   */
  public static void check(String code, String pointer) {
    ClaimCode.check(code, pointer);
  }

  /** Sets a code that {@link #check} has let pass, in the place of any other. */
  public void set(String deviceId, String code, Origin origin) {
    set(deviceId, code, origin, before -> {});
  }

  /**
   * Sets a code that {@link #check} has let pass.
   *
   * @throws Failure {@code CLAIM_CODE_EXISTS} when the device has another one
   */
  public void setFirst(String deviceId, String code, Origin origin) {
    set(deviceId, code, origin, before -> {
      if (before.hasClaimCode()) {
        throw Failure.of(
            Kind.CLAIM_CODE_EXISTS,
            "The device has another claim code, which stays: PUT its claimcode to replace it.");
      }
    });
  }

  /** The code that the device has already is left as it is. */
  private void set(
      String deviceId, String code, Origin origin, Consumer<DeviceSnapshot> permission) {
    ClaimCode kept = ClaimCode.of(code);
    devices.change(deviceId, Optional.empty(), before -> {
      if (before.hasClaimCode(code)) {
        return before;
      }
      permission.accept(before);
      return before.withClaimCode(Optional.of(kept), origin, clock.instant());
    });
  }

  /** Removes the code, if there is one. */
  public void remove(String deviceId, Origin origin) {
    devices.change(
        deviceId,
        Optional.empty(),
        before -> before.hasClaimCode()
            ? before.withClaimCode(Optional.empty(), origin, clock.instant())
            : before);
  }
}
