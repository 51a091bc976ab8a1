package io.fleetwell.testing.faults;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/** Chooses a fault for each call to a store. */
@FunctionalInterface
public interface Faults {
  /** No faults. */
  Faults NONE = call -> Fault.NONE;

  /** The fault of the next call. */
  Fault next(Call call);

  /** How long {@link Fault#DELAY} and {@link Fault#LATE_REQUEST} hold a request back. */
  default Duration pause() {
    return Duration.ofMillis(100);
  }

  /** Which byte of a body {@link Fault#CORRUPT_REQUEST} and {@link Fault#CORRUPT_ANSWER} change. */
  default int position(int length) {
    return length / 2;
  }

  /** Of which table {@link Fault#PARTIAL_BATCH} leaves a key, in the order of their names. */
  default int left(int tables) {
    return 0;
  }

  /** A fault in every call. */
  static Faults always(Fault fault) {
    return call -> fault;
  }

  /** A fault in the first calls of one operation, such as {@code PutItem}. */
  static Faults first(int calls, String operation, Fault fault) {
    return counting(operation, number -> number < calls, fault);
  }

  /** A fault in the second call, of any operation. */
  static Faults second(Fault fault) {
    return counting("", number -> number == 1, fault);
  }

  /** A fault in every call after the first ones. */
  static Faults after(int calls, Fault fault) {
    return counting("", number -> number >= calls, fault);
  }

  private static Faults counting(String operation, IntPredicate numbers, Fault fault) {
    AtomicInteger number = new AtomicInteger();
    return call -> call.operation().contains(operation) && numbers.test(number.getAndIncrement())
        ? fault
        : Fault.NONE;
  }
}
