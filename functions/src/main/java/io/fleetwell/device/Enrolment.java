package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What the factory says about a device that it has made.
 *
 * @param claimCode the device's first claim code
 * @param facts checked by {@link Enrolments#checkedFacts}
 * @param evict whether an owner from before the first enrolment goes; empty if the factory does not say
 * @param enrols whether the device gets a key or a claim code
 * @param hadKeys whether the device ever had a key
 */
public record Enrolment(
    String deviceId,
    Optional<String> claimCode,
    Optional<ObjectNode> facts,
    Optional<Boolean> evict,
    boolean enrols,
    boolean hadKeys) {
  /** Omits the code, which is a secret. */
  @Override
  public String toString() {
    return "enrolment of " + deviceId;
  }
}
