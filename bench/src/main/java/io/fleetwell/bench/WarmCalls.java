package io.fleetwell.bench;

import io.fleetwell.bench.Table.Row;
import io.fleetwell.local.LambdaProcess;
import io.fleetwell.local.LambdaProcess.Launch;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Calls of a function that has answered a good many before. */
final class WarmCalls implements Measurement {
  /** C1 compiles what was called 200 times, or in a loop; but it takes some thousands until a call costs no less. */
  private static final int WARM_UP = 1_000;

  private static final int LONG_WARM_UP = 20_000;

  /** After so long, what is not halfway there goes no further. */
  private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(8);

  /** In each round. */
  private static final int CALLS = 200;

  /** So many more rounds of what is quick, of which a round takes no longer than what disturbs a machine now and then. */
  private static final int ROUNDS_OF_QUICK = 10;

  private static final int JDK = 25;

  private final Scope scope;

  WarmCalls(Scope scope) {
    this.scope = scope;
  }

  @Override
  public String name() {
    return "warm";
  }

  @Override
  public String conditions(int rounds) {
    return "JDK %d, %d rounds of %d calls after %,d at most, %d rounds of what got so far, %s"
        .formatted(
            JDK,
            rounds,
            CALLS,
            LONG_WARM_UP,
            rounds * ROUNDS_OF_QUICK,
            scope.processors().words());
  }

  /** The calls of one round. */
  private record Round(double[] took, double[] ofTheStores, double cpuMillis) {
    double percentile(double share) {
      return sortedQuantile(took, share);
    }

    double stores() {
      return sortedQuantile(ofTheStores, 0.5);
    }

    double ours() {
      double[] ours = took.clone();
      Arrays.setAll(ours, i -> took[i] - ofTheStores[i]);
      return sortedQuantile(ours, 0.5);
    }

    double cpuOfCall() {
      return cpuMillis / took.length;
    }

    private static double sortedQuantile(double[] values, double share) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return Figure.quantile(sorted, share);
    }
  }

  /** A function in its process, with wires to the stores. */
  private static final class Subject implements AutoCloseable {
    private final Wire dynamoDb;
    private final Wire s3;
    private final LambdaProcess process;
    private final MeasuredCall.Events events;
    private final List<Round> rounds = new ArrayList<>();
    private final boolean quick;

    Subject(Launch launch, MeasuredCall.Events events) throws IOException {
      this.dynamoDb = new Wire(endpoint(launch, "AWS_ENDPOINT_URL_DYNAMODB"));
      this.s3 = new Wire(endpoint(launch, "AWS_ENDPOINT_URL_S3"));
      this.process = LambdaProcess.start(launch.with(Map.of(
          "AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.endpoint(), "AWS_ENDPOINT_URL_S3", s3.endpoint())));
      this.events = events;
      process.awaitReady();
      this.quick = warmsUp();
    }

    /** Whether it got to the end of it. */
    private boolean warmsUp() throws IOException {
      long end = System.nanoTime() + LONGEST_WARM_UP.toNanos();
      for (int calls = 0; calls < LONG_WARM_UP; calls += WARM_UP) {
        call(WARM_UP);
        if (System.nanoTime() > end && calls < LONG_WARM_UP / 2) {
          return false;
        }
      }
      return true;
    }

    int rounds(int usual) {
      return quick ? usual * ROUNDS_OF_QUICK : usual;
    }

    private static URI endpoint(Launch launch, String variable) {
      return URI.create(launch.environment().getOrDefault(variable, ""));
    }

    void measure() throws IOException {
      rounds.add(call(CALLS));
    }

    private Round call(int calls) throws IOException {
      List<byte[]> prepared = events.next(calls);
      double[] took = new double[calls];
      double[] ofTheStores = new double[calls];
      LinuxProcess linux = LinuxProcess.of(process.id());
      double before = linux.cpuMillis();
      for (int i = 0; i < calls; i++) {
        MeasuredSystem.requireSuccess(process.invoke(prepared.get(i)));
        took[i] = process.api().lastTook().toNanos() / 1e6;
        ofTheStores[i] = dynamoDb.take().plus(s3.take()).toNanos() / 1e6;
      }
      return new Round(took, ofTheStores, linux.cpuMillis() - before);
    }

    double kilobytesAllocated() throws IOException, InterruptedException {
      List<byte[]> prepared = events.next(CALLS);
      try (AllocationRecording recording = AllocationRecording.start(process.id())) {
        prepared.forEach(process::invoke);
        return recording.stop() / 1_024.0 / CALLS;
      }
    }

    List<Double> all(ToDoubleFunction<Round> what) {
      return rounds.stream().mapToDouble(what).boxed().toList();
    }

    /** Of all rounds together, since one has too few calls for it. */
    double slowest(double share) {
      double[] all =
          rounds.stream().flatMapToDouble(it -> Arrays.stream(it.took())).toArray();
      return Round.sortedQuantile(all, share);
    }

    @Override
    public void close() {
      process.close();
      dynamoDb.close();
      s3.close();
    }
  }

  @Override
  public List<Table> measure(int rounds) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (MeasuredSystem system = MeasuredSystem.start(scope);
        Subject floor = new Subject(system.emptyFloor(JDK), MeasuredCall.Events.ANY)) {
      for (int i = 0; i < floor.rounds(rounds); i++) {
        floor.measure();
      }
      rows.add(row("*empty function*", floor, floor));
      rows.add(measure(
          "*one GetItem*", system.getItemFloor(JDK), MeasuredCall.Events.ANY, floor, rounds));
      for (MeasuredCall call : system.calls()) {
        rows.add(measure(
            call.title(), system.launch(call.function(), JDK), call.events(system), floor, rounds));
      }
    }
    return List.of(new Table(
        name(),
        List.of(
            "",
            "p50, ms",
            "p99, ms",
            "of it the stores, p50",
            "the rest, p50",
            "CPU, ms",
            "CPU, to the empty function",
            "allocated, KB"),
        rows));
  }

  /** Takes turns with the floor. */
  private static Row measure(
      String title, Launch launch, MeasuredCall.Events events, Subject floor, int rounds)
      throws IOException, InterruptedException {
    floor.rounds.clear();
    try (Subject subject = new Subject(launch, events)) {
      for (int i = 0; i < subject.rounds(rounds); i++) {
        subject.measure();
        floor.measure();
      }
      return row(title, subject, floor);
    }
  }

  private static Row row(String title, Subject subject, Subject floor)
      throws IOException, InterruptedException {
    return Row.of(
        title,
        Figure.of(subject.all(round -> round.percentile(0.5))),
        Figure.exactly(subject.slowest(0.99)),
        Figure.of(subject.all(Round::stores)),
        Figure.of(subject.all(Round::ours)),
        Figure.of(subject.all(Round::cpuOfCall)),
        Figure.ratio(subject.all(Round::cpuOfCall), floor.all(Round::cpuOfCall)),
        Figure.exactly(subject.kilobytesAllocated()));
  }
}
