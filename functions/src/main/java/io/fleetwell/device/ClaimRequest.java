package io.fleetwell.device;

import io.fleetwell.auth.Actor;
import io.fleetwell.revision.IfMatch;
import java.util.Optional;

/**
 * A user's request to own a device.
 *
 * @param claimId the unique id of this claim; a record that contains it shows that the claim was written before
 * @param code the claim code that the user sent
 */
record ClaimRequest(String claimId, Optional<String> code, IfMatch ifMatch, Actor actor) {
  /** Omits the code, which is a secret. */
  @Override
  public String toString() {
    return "claim %s of %s".formatted(claimId, actor);
  }
}
