package io.fleetwell.firmware;

import io.fleetwell.auth.Actor;
import java.time.Instant;

/** Stores published firmware, and adds each change to its history in the same step. */
public interface FirmwareStore extends FirmwareReader {
  /**
   * Stores a firmware, unless one with the same id is stored already.
   *
   * @return whether this call stored it; true also if a first attempt did, and its answer was lost
   */
  boolean publish(Firmware firmware, Actor actor);

  /**
   * Removes a firmware as it was read.
   *
   * @return whether this call removed it; false if another one did
   */
  boolean withdraw(Firmware firmware, Actor actor, Instant now);
}
