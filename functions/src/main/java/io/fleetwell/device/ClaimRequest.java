package io.fleetwell.device;

import io.fleetwell.auth.Actor;
import java.util.Optional;

/**
 * That a user wants to own a device.
 *
 * @param claimId this claim's own; where it stands in the record, this very claim has been carried out before
 * @param code the claim code that came with it
 * @param codeRequired whether devices without a claim code cannot be claimed at all
 */
record ClaimRequest(String claimId, Optional<String> code, boolean codeRequired, Actor actor) {

  /** Without the code, which is nobody else's business. */
  @Override
  public String toString() {
    return "claim %s of %s".formatted(claimId, actor);
  }
}
