package io.fleetwell.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * What AWS charges for something in a month, in dollars.
 *
 * @param free how many units cost nothing
 * @param steps the price of a unit, from the first amount to the largest
 */
record Price(double free, List<Step> steps) {
  /**
   * A price that counts from an amount on.
   *
   * @param from how many units come before, those that are free included
   */
  record Step(double from, double dollars) {}

  static Price of(double dollars) {
    return new Price(0, List.of(new Step(0, dollars)));
  }

  /** The same price, and another one for what exceeds an amount. */
  Price from(double amount, double dollars) {
    Stream<Step> more = Stream.of(new Step(amount, dollars));
    return new Price(free, Stream.concat(steps.stream(), more).toList());
  }

  Price afterFree(double amount) {
    return new Price(amount, steps);
  }

  /** Of a unit, before any that costs less. */
  double ofOne() {
    return steps.get(0).dollars();
  }

  double ofMonth(double amount) {
    double dollars = 0;
    double left = amount;
    for (int i = steps.size() - 1; i >= 0; i--) {
      double start = Math.max(free, steps.get(i).from());
      dollars += Math.max(0, left - start) * steps.get(i).dollars();
      left = Math.min(left, start);
    }
    return dollars;
  }
}
