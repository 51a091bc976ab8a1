package io.fleetwell.bench.rules;

import io.fleetwell.bench.Cell;
import io.fleetwell.bench.Figure;
import io.fleetwell.bench.Measurement;
import io.fleetwell.bench.Table;
import io.fleetwell.bench.Table.Row;
import io.fleetwell.logs.ZipBenchmark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The pure rules, each in a process of its own with the options that the functions have. */
public final class RulesMeasurement implements Measurement {
  private static final String BENCHMARKS = "io\\.fleetwell\\..*Benchmark\\..*";
  private static final int WARM_UP_ITERATIONS = 2;
  private static final TimeValue ITERATION = TimeValue.seconds(1);
  private static final String ZIP = "inspectingAZip";

  @Override
  public String name() {
    return "rules";
  }

  @Override
  public String conditions(int rounds) {
    return "JMH, one fork, %d × 1 s after %d × 1 s; JDK %s with the functions' options"
        .formatted(rounds, WARM_UP_ITERATIONS, System.getProperty("java.version"));
  }

  @Override
  public List<Table> measure(int rounds) throws RunnerException {
    Collection<RunResult> results = new Runner(new OptionsBuilder()
            .include(BENCHMARKS)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .warmupIterations(WARM_UP_ITERATIONS)
            .warmupTime(ITERATION)
            .measurementIterations(rounds)
            .measurementTime(ITERATION)
            .jvmArgs(options())
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build())
        .run();
    List<Row> rows = new ArrayList<>();
    for (RunResult result : results) {
      String name = result.getPrimaryResult().getLabel();
      List<Double> nanos = result.getBenchmarkResults().stream()
          .flatMap(it -> it.getIterationResults().stream())
          .map(it -> it.getPrimaryResult().getScore())
          .toList();
      rows.add(Row.of(words(name), micros(nanos), name.equals(ZIP) ? speed(nanos) : Cell.of("")));
    }
    return List.of(new Table(name(), List.of("Rule", "µs", "MB/s, unpacked"), rows));
  }

  /** The functions' own, and no word about what JMH uses of the JDK. */
  private static String[] options() {
    List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 23) {
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    return options.toArray(String[]::new);
  }

  private static Figure micros(List<Double> nanos) {
    return Figure.of(nanos.stream().map(it -> it / 1_000).toList());
  }

  private static Figure speed(List<Double> nanos) {
    return Figure.of(
        nanos.stream().map(it -> ZipBenchmark.UNPACKED_BYTES * 1_000.0 / it).toList());
  }

  /** A method's name as words: {@code decodingACursor} is "decoding a cursor". */
  static String words(String name) {
    return name.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }
}
