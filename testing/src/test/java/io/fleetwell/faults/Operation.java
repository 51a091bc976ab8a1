package io.fleetwell.faults;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What a caller asked for and was told of one thing.
 *
 * @param what in words; operations of unknown outcome in the same words do the same
 * @param effect what it makes of a state of the thing; empty where its answer could not have been given in that state or,
 *     of an unknown outcome, where it would have had no effect
 * @param called when, in nanoseconds
 * @param returned when; empty if its outcome is unknown: it may take effect at any time after it was called, or never
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
