package io.fleetwell.device;

import io.fleetwell.history.Origin;
import io.fleetwell.telemetry.Count;
import java.util.Locale;
import java.util.Optional;

/**
 * That a user wants to own a device.
 *
 * @param claimId this claim's own; where it stands in the record, this very claim has been carried out before
 * @param code the claim code that came with it
 * @param codeRequired whether devices without a claim code cannot be claimed at all
 */
record ClaimRequest(String claimId, Optional<String> code, boolean codeRequired, Origin origin) {

  /** Without the code, which is nobody else's business. */
  @Override
  public String toString() {
    return "claim %s of %s".formatted(claimId, origin);
  }

  /** Why a claim is refused, in the words of history. */
  enum Refusal {
    ALREADY_OWNED,
    CLAIM_CODE,
    TOO_MANY_ATTEMPTS;

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Count count() {
      return Count.by("Reason", word(), "ClaimsRefused");
    }
  }
}
