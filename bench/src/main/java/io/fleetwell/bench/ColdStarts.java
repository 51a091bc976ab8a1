package io.fleetwell.bench;

import io.fleetwell.bench.Table.Row;
import io.fleetwell.local.LambdaProcess;
import io.fleetwell.local.LambdaProcess.Launch;
import io.fleetwell.local.RuntimeClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** From the start of a process to its first answer. */
final class ColdStarts implements Measurement {
  /** What Lambda runs, and the oldest that the functions are made for. */
  private static final List<Integer> JDKS = List.of(25, 17);

  private final Scope scope;

  ColdStarts(Scope scope) {
    this.scope = scope;
  }

  @Override
  public String name() {
    return "cold";
  }

  @Override
  public String conditions(int rounds) {
    return "%d rounds, %s".formatted(rounds, scope.processors().words());
  }

  /**
   * A start.
   *
   * @param init until it asks for its first event
   * @param answered until it has answered that
   */
  private record Start(double init, double answered, double cpu, double megabytes) {}

  /** What is started in each round, and what came of it. */
  private record Subject(
      String title, Launch launch, MeasuredCall.Events events, List<Start> starts) {
    Subject(String title, Launch launch, MeasuredCall.Events events) {
      this(title, launch, events, new ArrayList<>());
    }

    List<Double> all(ToDoubleFunction<Start> what) {
      return starts.stream().mapToDouble(what).boxed().toList();
    }

    void start() throws IOException {
      byte[] event = events.next(1).get(0);
      long begin = System.nanoTime();
      try (LambdaProcess process = LambdaProcess.start(launch)) {
        process.awaitReady();
        double init = millisSince(begin);
        var answer = process.invoke(event);
        double answered = millisSince(begin);
        LinuxProcess linux = LinuxProcess.of(process.id());
        starts.add(new Start(init, answered, linux.cpuMillis(), linux.peakMegabytes()));
        MeasuredSystem.requireSuccess(answer);
      }
    }

    private static double millisSince(long begin) {
      return (System.nanoTime() - begin) / 1e6;
    }
  }

  @Override
  public List<Table> measure(int rounds) throws Exception {
    List<Table> tables = new ArrayList<>();
    try (MeasuredSystem system = MeasuredSystem.start(scope)) {
      for (int jdk : JDKS) {
        if (RuntimeClient.java(jdk).isPresent()) {
          tables.add(measure(system, jdk, rounds));
        }
      }
    }
    return tables;
  }

  private static Table measure(MeasuredSystem system, int jdk, int rounds) throws IOException {
    Subject floor = new Subject("*one GetItem*", system.getItemFloor(jdk), MeasuredCall.Events.ANY);
    List<Subject> subjects = new ArrayList<>(List.of(
        new Subject("*empty function*", system.emptyFloor(jdk), MeasuredCall.Events.ANY), floor));
    for (MeasuredCall call : system.calls()) {
      subjects.add(
          new Subject(call.title(), system.launch(call.function(), jdk), call.freshEvents(system)));
    }
    // The first of all finds the files not in memory, and the stores cold.
    for (Subject subject : subjects) {
      subject.start();
      subject.starts().clear();
    }
    for (int round = 0; round < rounds; round++) {
      for (Subject subject : subjects) {
        subject.start();
      }
    }
    return new Table(
        jdk == JDKS.get(0) ? "cold" : "cold-" + jdk,
        List.of(
            "JDK " + jdk,
            "init, ms",
            "start to first answer, ms",
            "to one GetItem",
            "CPU, ms",
            "CPU, to one GetItem",
            "resident, MB"),
        subjects.stream().map(subject -> row(subject, floor)).toList());
  }

  private static Row row(Subject subject, Subject floor) {
    return Row.of(
        subject.title(),
        Figure.of(subject.all(Start::init)),
        Figure.of(subject.all(Start::answered)),
        Figure.ratio(subject.all(Start::answered), floor.all(Start::answered)),
        Figure.of(subject.all(Start::cpu)),
        Figure.ratio(subject.all(Start::cpu), floor.all(Start::cpu)),
        Figure.of(subject.all(Start::megabytes)));
  }
}
