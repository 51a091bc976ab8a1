package io.fleetwell.faults;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The sequential model of a device's ownership: one owner or none, the operations, and their answers. */
final class Ownership {
  /** The initial state. */
  static final Optional<String> NOBODY = Optional.empty();

  private Ownership() {}

  /** A call whose answer is not there yet. */
  record Asked(String what, long called) {
    private Operation<Optional<String>> told(
        String answer,
        long returned,
        Function<Optional<String>, Optional<Optional<String>>> effect) {
      return new Operation<>(what + ": " + answer, effect, called, OptionalLong.of(returned));
    }

    private Operation<Optional<String>> unknown(
        Function<Optional<String>, Optional<Optional<String>>> effect) {
      return new Operation<>(what + ": unknown", effect, called, OptionalLong.empty());
    }
  }

  private static Function<Optional<String>, Optional<Optional<String>>> change(
      Optional<String> from, Optional<String> to) {
    return owner -> owner.equals(from) ? Optional.of(to) : Optional.empty();
  }

  private static Function<Optional<String>, Optional<Optional<String>>> seen(
      Function<Optional<String>, Boolean> fits) {
    return owner -> fits.apply(owner) ? Optional.of(owner) : Optional.empty();
  }

  /** A user's claim, with its possible outcomes. */
  record Claim(String user, long called) {
    private Asked asked() {
      return new Asked(user + " claims", called);
    }

    Operation<Optional<String>> done(long returned) {
      return asked().told("done", returned, change(NOBODY, Optional.of(user)));
    }

    Operation<Optional<String>> yoursAlready(long returned) {
      return asked().told("yours already", returned, seen(Optional.of(user)::equals));
    }

    Operation<Optional<String>> anothers(long returned) {
      return asked()
          .told(
              "another's",
              returned,
              seen(owner -> owner.isPresent() && !owner.get().equals(user)));
    }

    Operation<Optional<String>> unknown() {
      return asked().unknown(change(NOBODY, Optional.of(user)));
    }
  }

  /** A user's release, as the owner or not. */
  record Release(String user, long called) {
    private Asked asked() {
      return new Asked(user + " releases", called);
    }

    Operation<Optional<String>> done(long returned) {
      return asked().told("done", returned, change(Optional.of(user), NOBODY));
    }

    Operation<Optional<String>> notYours(long returned) {
      return asked().told("not yours", returned, seen(owner -> !owner.equals(Optional.of(user))));
    }

    Operation<Optional<String>> unknown() {
      return asked().unknown(change(Optional.of(user), NOBODY));
    }
  }

  /** An operator ends the ownership, if there is one. */
  record TakeBack(long called) {
    private Asked asked() {
      return new Asked("an operator takes it back", called);
    }

    private static Optional<Optional<String>> end(Optional<String> owner) {
      return owner.isPresent() ? Optional.of(NOBODY) : Optional.empty();
    }

    Operation<Optional<String>> done(long returned) {
      return asked().told("done", returned, TakeBack::end);
    }

    Operation<Optional<String>> nobodys(long returned) {
      return asked().told("nobody's", returned, seen(Optional::isEmpty));
    }

    Operation<Optional<String>> unknown() {
      return asked().unknown(TakeBack::end);
    }
  }

  /** A read of whether a user owns the device. */
  record Look(String user, long called) {
    Operation<Optional<String>> told(boolean owns, long returned) {
      return new Asked(user + " looks", called)
          .told(
              owns ? "yours" : "not yours",
              returned,
              seen(owner -> owns == owner.equals(Optional.of(user))));
    }
  }
}
