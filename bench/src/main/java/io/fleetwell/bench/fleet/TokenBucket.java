package io.fleetwell.bench.fleet;

/** Lets so many through in a second and, of what was not used before, a burst more. */
final class TokenBucket {
  private final double rate;
  private final double capacity;
  private double tokens;

  TokenBucket(double rate, double burst) {
    this.rate = rate;
    this.capacity = rate + burst;
    this.tokens = capacity;
  }

  /** How many may pass in this second. */
  double available() {
    return tokens;
  }

  /** So many pass in this second, and the next begins. */
  void pass(double passed) {
    tokens = Math.min(capacity, tokens - passed + rate);
  }
}
