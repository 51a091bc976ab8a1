package io.fleetwell.device;

import static io.fleetwell.failure.Category.CONFLICT;
import static io.fleetwell.failure.Category.FORBIDDEN;
import static io.fleetwell.failure.Category.TOO_MANY;

import io.fleetwell.failure.FailureKind;

/** The kinds of failure of calls about devices. */
final class DeviceFailures {
  static final FailureKind ALREADY_OWNED =
      new FailureKind(CONFLICT, "already-owned", "Device already owned");

  /** The claim code is missing or wrong. */
  static final FailureKind CLAIM_CODE =
      new FailureKind(FORBIDDEN, "claim-code", "Claim code required");

  static final FailureKind TOO_MANY_ATTEMPTS =
      new FailureKind(TOO_MANY, "too-many-attempts", "Too many wrong claim codes");

  static final FailureKind TOO_MANY_DEVICES =
      new FailureKind(FORBIDDEN, "too-many-devices", "Too many devices");

  static final FailureKind CLAIM_CODE_EXISTS =
      new FailureKind(CONFLICT, "claim-code-exists", "Claim code already set");

  private DeviceFailures() {}
}
