package io.fleetwell.device;

import static io.fleetwell.failure.Category.CONFLICT;
import static io.fleetwell.failure.Category.FORBIDDEN;
import static io.fleetwell.failure.Category.TOO_MANY;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.HistoryStore;
import java.time.Duration;
import java.util.Map;

/** How calls about devices fail. */
final class DeviceFailures {
  static final FailureKind ALREADY_OWNED =
      new FailureKind(CONFLICT, "already-owned", "Device already owned");

  static final FailureKind RELEASE_FIRST =
      new FailureKind(CONFLICT, "release-first", "Owned device: release it first");

  /** The claim code is missing or wrong. */
  static final FailureKind CLAIM_CODE =
      new FailureKind(FORBIDDEN, "claim-code", "Claim code required");

  static final FailureKind TOO_MANY_ATTEMPTS =
      new FailureKind(TOO_MANY, "too-many-attempts", "Too many attempts to claim");

  static final FailureKind TOO_MANY_DEVICES =
      new FailureKind(FORBIDDEN, "too-many-devices", "Too many devices");

  static final FailureKind CLAIM_CODE_EXISTS =
      new FailureKind(CONFLICT, "claim-code-exists", "Claim code already set");

  private DeviceFailures() {}

  static Failure alreadyOwned(boolean byCaller, DevicePolicy policy) {
    return Failure.of(
        ALREADY_OWNED, alreadyOwnedDetail(byCaller, policy), Map.of("yours", byCaller));
  }

  private static String alreadyOwnedDetail(boolean byCaller, DevicePolicy policy) {
    if (byCaller) {
      return "You own this device already.";
    }
    return policy.knownDevicesOnly()
        ? "There is no such device, or it has an owner, who must release it first."
        : "This device has an owner, who must release it first.";
  }

  static Failure noClaimCode() {
    return Failure.of(
        CLAIM_CODE,
        "The claim code is missing or wrong. Send the code from the device's box or screen as claimcode in a JSON body.");
  }

  static Failure tooManyWrongCodes(Duration wait) {
    return Failure.retryAfter(
        TOO_MANY_ATTEMPTS,
        "You sent too many wrong claim codes, for this device or in all: try again after the time in Retry-After.",
        wait);
  }

  static Failure tooManyClaims(Duration wait) {
    return tooManyClaims(
        "You claimed this device %d times today".formatted(ClaimAttempts.MAX_CLAIMS_A_DAY), wait);
  }

  static Failure tooManyClaimsInAll(Duration wait) {
    return tooManyClaims(
        "You made %d claims today, with those that were refused"
            .formatted(HistoryStore.MAX_CLAIMS_A_DAY),
        wait);
  }

  private static Failure tooManyClaims(String what, Duration wait) {
    return Failure.retryAfter(
        TOO_MANY_ATTEMPTS, what + ": try again after the time in Retry-After.", wait);
  }
}
