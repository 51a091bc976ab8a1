package io.fleetwell.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What each round of a measurement found.
 *
 * @param <T> what a round finds
 */
final class Samples<T> {
  private final List<T> rounds = new ArrayList<>();

  void add(T round) {
    rounds.add(round);
  }

  private double[] all(ToDoubleFunction<T> figure) {
    return rounds.stream().mapToDouble(figure).toArray();
  }

  String median(ToDoubleFunction<T> figure) {
    return Figure.of(all(figure));
  }

  /**
   * The ratio to a floor. Each sample is divided by the floor's of the same round, since a disturbance of the machine
   * affects both.
   */
  String ratio(ToDoubleFunction<T> figure, Samples<T> floor) {
    double[] ratios = all(figure);
    double[] floors = floor.all(figure);
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] /= floors[i];
    }
    return Figure.of(ratios);
  }
}
