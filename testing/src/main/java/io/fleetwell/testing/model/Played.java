package io.fleetwell.testing.model;

/**
 * What was played without a difference.
 *
 * @param steps calls that change something, or try to
 * @param calls all calls that the system answered, with those that only look
 */
record Played(int rounds, int steps, int calls) {
  static final Played NOTHING = new Played(0, 0, 0);

  Played and(Played more) {
    return new Played(rounds + more.rounds, steps + more.steps, calls + more.calls);
  }

  @Override
  public String toString() {
    return "%,d steps in %,d rounds, %,d calls".formatted(steps, rounds, calls);
  }
}
