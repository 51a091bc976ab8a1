package io.fleetwell.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.IntFunction;

/** One of several calls that are compared, and what it took in each round. */
final class Compared {
  /** What follows the name. */
  static final String COLUMNS = " | µs | to the floor | CPU, µs | CPU, to the floor";

  private static final int WARM_UP_ROUNDS = 5;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String name;
  private final int calls;
  private final DirectFunction function;
  private final IntFunction<byte[]> events;
  private final Samples<Turn> turns = new Samples<>();

  /** The microseconds of a call on average, by the clock and on the processor. */
  private record Turn(double micros, double cpuMicros) {}

  /** @param calls how many a round has */
  Compared(String name, int calls, DirectFunction function, IntFunction<byte[]> events) {
    this.name = name;
    this.calls = calls;
    this.function = function;
    this.events = events;
  }

  /** Calls all of them in each round, so that a disturbance of the machine affects all; the first is the floor. */
  static List<List<String>> inTurns(List<Compared> all, int rounds) throws IOException {
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (Compared compared : all) {
        Turn turn = compared.turn();
        if (round >= 0) {
          compared.turns.add(turn);
        }
      }
    }
    return all.stream().map(compared -> compared.row(all.get(0).turns)).toList();
  }

  private Turn turn() throws IOException {
    long nanos = 0;
    long cpuNanos = 0;
    for (int number = 0; number < calls; number++) {
      byte[] event = events.apply(number);
      long cpuStart = THREADS.getCurrentThreadCpuTime();
      long start = System.nanoTime();
      function.call(event);
      nanos += System.nanoTime() - start;
      cpuNanos += THREADS.getCurrentThreadCpuTime() - cpuStart;
    }
    return new Turn(nanos / 1e3 / calls, cpuNanos / 1e3 / calls);
  }

  private List<String> row(Samples<Turn> floor) {
    return List.of(
        name,
        turns.median(Turn::micros),
        turns.ratio(Turn::micros, floor),
        turns.median(Turn::cpuMicros),
        turns.ratio(Turn::cpuMicros, floor));
  }
}
