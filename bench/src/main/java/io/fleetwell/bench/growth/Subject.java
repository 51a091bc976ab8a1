package io.fleetwell.bench.growth;

import io.fleetwell.bench.Figure;
import io.fleetwell.bench.Table.Row;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;

/** One of several that are compared, and what it took in each round. */
final class Subject {
  /** What is in the columns of {@link #row}. */
  static final List<String> COLUMNS = List.of("µs", "to the floor", "CPU, µs", "CPU, to the floor");

  private static final int WARM_UP_ROUNDS = 5;
  private static final double NANOS = 1_000;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final String name;
  private final int calls;
  private final Call call;
  private final Call before;
  private final List<Double> micros = new ArrayList<>();
  private final List<Double> cpuMicros = new ArrayList<>();

  /** A call with a number, by which one may differ from another. */
  @FunctionalInterface
  interface Call {
    void run(int number) throws Exception;
  }

  /** Of so many calls a round. */
  Subject(String name, int calls, Call call) {
    this(name, calls, call, number -> {});
  }

  /**
   * Of so many calls a round.
   *
   * @param before what has to be done before each, which does not count
   */
  Subject(String name, int calls, Call call, Call before) {
    this.name = name;
    this.calls = calls;
    this.call = call;
    this.before = before;
  }

  /** All of them in each round, one after the other, so that what disturbs the machine disturbs all. */
  static void takeTurns(List<Subject> subjects, int rounds) throws Exception {
    for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (Subject subject : subjects) {
        subject.takeTurn(round >= 0);
      }
    }
  }

  private void takeTurn(boolean counts) throws Exception {
    long nanos = 0;
    long cpuNanos = 0;
    for (int number = 0; number < calls; number++) {
      before.run(number);
      long cpuStart = THREADS.getCurrentThreadCpuTime();
      long start = System.nanoTime();
      call.run(number);
      nanos += System.nanoTime() - start;
      cpuNanos += THREADS.getCurrentThreadCpuTime() - cpuStart;
    }
    if (counts) {
      micros.add(nanos / NANOS / calls);
      cpuMicros.add(cpuNanos / NANOS / calls);
    }
  }

  Row row(Subject floor) {
    return Row.of(
        name,
        Figure.of(micros),
        Figure.ratio(micros, floor.micros),
        Figure.of(cpuMicros),
        Figure.ratio(cpuMicros, floor.cpuMicros));
  }
}
