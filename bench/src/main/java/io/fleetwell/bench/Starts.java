package io.fleetwell.bench;

import io.fleetwell.bench.MeasuredSystem.Subject;
import io.fleetwell.testing.lambda.LambdaProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Measures processes from their start to a first answer: without a snapshot, and from one. */
final class Starts {
  private static final int CALLS_AFTER_FIRST = 150;

  /** So many of the last calls count as warm. */
  private static final int WARM_CALLS = 100;

  private Starts() {}

  /**
   * A start without a snapshot.
   *
   * @param init milliseconds until the function asks for its first event
   * @param answered milliseconds until it has answered that
   */
  private record Cold(double init, double answered, double cpu, double megabytes) {
    static Cold of(Subject subject) throws IOException {
      byte[] event = subject.events().next(1).get(0);
      long begin = System.nanoTime();
      try (LambdaProcess process = LambdaProcess.start(subject.launch())) {
        process.awaitReady();
        double init = millisSince(begin);
        var answer = process.invoke(event);
        double answered = millisSince(begin);
        double cpu = LinuxProcess.cpuMillis(process.id());
        MeasuredSystem.requireSuccess(answer);
        return new Cold(init, answered, cpu, LinuxProcess.peakMegabytes(process.id()));
      }
    }
  }

  /**
   * A start from a snapshot; all in milliseconds.
   *
   * @param snapshot until a snapshot could be taken
   * @param first how long the first request took, without the restoration
   * @param warm the median of later requests to the same process
   */
  private record Restored(double snapshot, double first, double warm) {
    static Restored of(Subject subject) throws IOException {
      List<byte[]> events = subject.events().next(1 + CALLS_AFTER_FIRST);
      long begin = System.nanoTime();
      try (LambdaProcess process = LambdaProcess.start(subject.launch())) {
        process.awaitCheckpoint();
        double snapshot = millisSince(begin);
        process.restore();
        double[] took = new double[events.size()];
        for (int i = 0; i < took.length; i++) {
          MeasuredSystem.requireSuccess(process.invoke(events.get(i)));
          took[i] = process.api().lastTook().toNanos() / 1e6;
        }
        double[] warm = Arrays.copyOfRange(took, took.length - WARM_CALLS, took.length);
        return new Restored(snapshot, took[0], Figure.quantile(warm, 0.5));
      }
    }

    double firstToWarm() {
      return first / warm;
    }
  }

  private static double millisSince(long begin) {
    return (System.nanoTime() - begin) / 1e6;
  }

  private interface Start<T> {
    T of(Subject subject) throws IOException;
  }

  /** Starts all subjects in each round, so that a disturbance of the machine affects all. */
  private static <T> Map<String, Samples<T>> inTurns(
      List<Subject> subjects, Start<T> start, int rounds) throws IOException {
    Map<String, Samples<T>> all = new LinkedHashMap<>();
    // The first round reads the files from the disk, and finds the stores cold: it does not count.
    for (int round = 0; round <= rounds; round++) {
      for (Subject subject : subjects) {
        Samples<T> samples = all.computeIfAbsent(subject.title(), it -> new Samples<>());
        T sample = start.of(subject);
        if (round > 0) {
          samples.add(sample);
        }
      }
    }
    return all;
  }

  static Table cold(Scope scope, int rounds) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    try (MeasuredSystem system = MeasuredSystem.start(scope)) {
      Map<String, Samples<Cold>> all = inTurns(system.coldSubjects(), Cold::of, rounds);
      all.forEach((title, starts) -> {
        Samples<Cold> floor = Objects.requireNonNull(all.get(MeasuredSystem.floorOf(title)));
        rows.add(List.of(
            title,
            starts.median(Cold::init),
            starts.median(Cold::answered),
            starts.ratio(Cold::answered, floor),
            starts.median(Cold::cpu),
            starts.ratio(Cold::cpu, floor),
            starts.median(Cold::megabytes)));
      });
    }
    return new Table(
        "cold",
        scope.conditions(rounds),
        " | init, ms | start to first answer, ms | to its floor | CPU, ms | CPU, to its floor"
            + " | resident, MB",
        rows);
  }

  static Table restored(Scope scope, int rounds) throws Exception {
    List<List<String>> rows = new ArrayList<>();
    try (MeasuredSystem system = MeasuredSystem.start(scope)) {
      inTurns(system.snapshots(false), Restored::of, rounds)
          .forEach((title, starts) -> rows.add(List.of(
              title,
              starts.median(Restored::snapshot),
              starts.median(Restored::first),
              starts.median(Restored::warm),
              starts.median(Restored::firstToWarm))));
    }
    return new Table(
        "restore",
        scope.conditions(rounds),
        " | start to snapshot, ms | first request, ms | a warm one, ms | first to warm",
        rows);
  }
}
