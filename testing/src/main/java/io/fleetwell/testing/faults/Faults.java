package io.fleetwell.testing.faults;

import io.fleetwell.testing.faults.FaultyWire.Call;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/** Says what befalls each call to a store. */
@FunctionalInterface
public interface Faults {
  /** Nothing befalls any. */
  Faults NONE = call -> Fault.NONE;

  /** What befalls the next call. */
  Fault next(Call call);

  /** How long whatever is to take a while takes. */
  default Duration pause() {
    return Duration.ofMillis(100);
  }

  /** All. */
  static Faults always(Fault fault) {
    return call -> fault;
  }

  /** The first so many of an operation, such as {@code PutItem}. */
  static Faults first(int calls, String operation, Fault fault) {
    return counting(operation, number -> number < calls, fault);
  }

  /** The second alone, of whatever operation. */
  static Faults second(Fault fault) {
    return counting("", number -> number == 1, fault);
  }

  /** All but the first so many. */
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
