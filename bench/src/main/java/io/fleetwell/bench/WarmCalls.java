package io.fleetwell.bench;

import io.fleetwell.bench.MeasuredCall.Events;
import io.fleetwell.bench.MeasuredSystem.Subject;
import io.fleetwell.testing.lambda.LambdaProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures calls of a function that has answered many before. */
final class WarmCalls {
  /** C1 compiles a method after 200 calls, but calls get cheaper until some thousands are made. */
  private static final int WARM_UP = 20_000;

  private static final int WARM_UP_STEP = 1_000;

  /** Ends the warm-up of a slow function. */
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(8);

  /** The warm-up has this many times the calls of a round. */
  private static final int SHARE_OF_ROUND = 10;

  private WarmCalls() {}

  /** The calls of one round. */
  private record Round(double[] took, double cpuMillis) {
    double millis(double share) {
      return Figure.quantile(took, share);
    }

    double cpuOfCall() {
      return cpuMillis / took.length;
    }
  }

  /** A function in its process. */
  private static final class Running implements AutoCloseable {
    private final LambdaProcess process;
    private final Events events;

    Running(Subject subject) throws IOException {
      this.process = LambdaProcess.start(subject.launch());
      this.events = subject.events();
      process.awaitReady();
    }

    /** Returns how many calls it took. */
    int warmUp() throws IOException {
      long end = System.nanoTime() + LONGEST_WARM_UP.toNanos();
      int calls = 0;
      while (calls < WARM_UP && System.nanoTime() < end) {
        call(WARM_UP_STEP);
        calls += WARM_UP_STEP;
      }
      return calls;
    }

    Round call(int calls) throws IOException {
      List<byte[]> prepared = events.next(calls);
      double[] took = new double[calls];
      double before = LinuxProcess.cpuMillis(process.id());
      for (int i = 0; i < calls; i++) {
        MeasuredSystem.requireSuccess(process.invoke(prepared.get(i)));
        took[i] = process.api().lastTook().toNanos() / 1e6;
      }
      return new Round(took, LinuxProcess.cpuMillis(process.id()) - before);
    }

    @Override
    public void close() {
      process.close();
    }
  }

  static Table measure(Scope scope, int rounds) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    try (MeasuredSystem system = MeasuredSystem.start(scope)) {
      List<Subject> subjects = system.subjects(true);
      try (Running floor = new Running(subjects.get(0))) {
        floor.warmUp();
        for (Subject subject : subjects) {
          rows.add(measure(subject, floor, rounds));
        }
      }
    }
    return new Table(
        "warm",
        "%s, up to %,d calls a round".formatted(scope.conditions(rounds), WARM_UP / SHARE_OF_ROUND),
        " | p50, ms | p99, ms | CPU, ms | CPU, to the empty function",
        rows);
  }

  /** Measures a function and the floor in turns. */
  private static List<String> measure(Subject subject, Running floor, int rounds)
      throws IOException {
    Samples<Round> ofSubject = new Samples<>();
    Samples<Round> ofFloor = new Samples<>();
    try (Running running = new Running(subject)) {
      int calls = running.warmUp() / SHARE_OF_ROUND;
      for (int i = 0; i < rounds; i++) {
        ofSubject.add(running.call(calls));
        ofFloor.add(floor.call(calls));
      }
    }
    return List.of(
        subject.title(),
        ofSubject.median(round -> round.millis(0.5)),
        ofSubject.median(round -> round.millis(0.99)),
        ofSubject.median(Round::cpuOfCall),
        ofSubject.ratio(Round::cpuOfCall, ofFloor));
  }

  /** The CPU time of a warm call. */
  static double cpuMillis(Subject subject) throws IOException {
    try (Running running = new Running(subject.withoutSnapshot())) {
      return running.call(running.warmUp() / SHARE_OF_ROUND).cpuOfCall();
    }
  }
}
