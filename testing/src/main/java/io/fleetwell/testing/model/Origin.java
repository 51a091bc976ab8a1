package io.fleetwell.testing.model;

import java.util.HashSet;
import java.util.Set;

/**
 * What the maker's side has done to a device's record so far.
 *
 * @param isKnown whether anybody but a user ever wrote to it
 * @param isDescribed whether the device or an operator ever did
 * @param isEnrolled whether it ever had a key or a claim code
 */
record Origin(boolean isKnown, boolean isDescribed, boolean isEnrolled, Set<String> keys) {
  static final Origin NONE = new Origin(false, false, false, Set.of());

  Origin {
    keys = Set.copyOf(keys);
  }

  Origin described() {
    return new Origin(true, true, isEnrolled, keys);
  }

  Origin withCode() {
    return new Origin(true, isDescribed, true, keys);
  }

  Origin withKey(String kid) {
    Set<String> more = new HashSet<>(keys);
    more.add(kid);
    return new Origin(true, isDescribed, true, more);
  }

  Origin known() {
    return new Origin(true, isDescribed, isEnrolled, keys);
  }
}
