package io.fleetwell.bench;

import io.fleetwell.bench.Table.Row;
import io.fleetwell.local.LambdaProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The first request after a snapshot, beside those that follow it in the same process. */
final class Restores implements Measurement {
  /** Of those that follow, the later ones count as warm. */
  private static final int CALLS_AFTER = 150;

  private static final int WARM_CALLS = 100;
  private static final int JDK = 25;

  private final Scope scope;

  Restores(Scope scope) {
    this.scope = scope;
  }

  @Override
  public String name() {
    return "restore";
  }

  @Override
  public String conditions(int rounds) {
    return "JDK %d, %d rounds, %s".formatted(JDK, rounds, scope.processors().words());
  }

  /**
   * A process.
   *
   * @param snapshot until a snapshot could be taken of it
   * @param first how long the first request took, without the restoration
   * @param warm the median of warm ones
   */
  private record Life(double snapshot, double first, double warm) {
    static Life of(MeasuredCall call, MeasuredSystem system) throws IOException {
      List<byte[]> events = call.freshEvents(system).next(1 + CALLS_AFTER);
      long begin = System.nanoTime();
      try (LambdaProcess process =
          LambdaProcess.start(system.launchFromSnapshot(call.function(), JDK))) {
        process.awaitCheckpoint();
        double snapshot = (System.nanoTime() - begin) / 1e6;
        process.restore();
        double[] took = new double[events.size()];
        for (int i = 0; i < took.length; i++) {
          MeasuredSystem.requireSuccess(process.invoke(events.get(i)));
          took[i] = process.api().lastTook().toNanos() / 1e6;
        }
        double[] warm = Arrays.copyOfRange(took, took.length - WARM_CALLS, took.length);
        Arrays.sort(warm);
        return new Life(snapshot, took[0], Figure.quantile(warm, 0.5));
      }
    }
  }

  @Override
  public List<Table> measure(int rounds) throws Exception {
    Map<MeasuredCall, List<Life>> lives = new LinkedHashMap<>();
    try (MeasuredSystem system = MeasuredSystem.start(scope)) {
      system.calls().forEach(call -> lives.put(call, new ArrayList<>()));
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<MeasuredCall, List<Life>> ofCall : lives.entrySet()) {
          ofCall.getValue().add(Life.of(ofCall.getKey(), system));
        }
      }
    }
    return List.of(new Table(
        name(),
        List.of(
            "", "start to snapshot, ms", "first request, ms", "a warm one, ms", "first to warm"),
        lives.entrySet().stream().map(it -> row(it.getKey(), it.getValue())).toList()));
  }

  private static Row row(MeasuredCall call, List<Life> lives) {
    return Row.of(
        call.title(),
        Figure.of(all(lives, Life::snapshot)),
        Figure.of(all(lives, Life::first)),
        Figure.of(all(lives, Life::warm)),
        Figure.ratio(all(lives, Life::first), all(lives, Life::warm)));
  }

  private static List<Double> all(List<Life> lives, ToDoubleFunction<Life> what) {
    return lives.stream().mapToDouble(what).boxed().toList();
  }
}
