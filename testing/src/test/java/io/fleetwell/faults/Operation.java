package io.fleetwell.faults;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A call to one object, and its answer.
 *
 * @param what a description; operations of unknown outcome with equal descriptions have the same effect
 * @param effect the new state, given the old one. Empty if the answer is impossible in the old state or, for an unknown
 *     outcome, if the operation has no effect in it
 * @param called the time of the call in nanoseconds
 * @param returned the time of the return; empty if the outcome is unknown. The operation may then take effect at any time
 *     after the call, or never
 */
record Operation<S>(
    String what, Function<S, Optional<S>> effect, long called, OptionalLong returned) {
  boolean isUnknown() {
    return returned.isEmpty();
  }

  Optional<S> on(S state) {
    return effect.apply(state);
  }

  @Override
  public String toString() {
    String end = isUnknown() ? "never" : String.valueOf(returned.getAsLong());
    return "%s, called %d, returned %s".formatted(what, called, end);
  }
}
