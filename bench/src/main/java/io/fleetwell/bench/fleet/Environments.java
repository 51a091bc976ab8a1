package io.fleetwell.bench.fleet;

/**
 * The execution environments of one function. Each handles one call at a time, so their number is the recent peak of
 * concurrent calls. AWS does not document when it ends an idle environment; here it does so after five minutes.
 */
final class Environments {
  /** Lambda counts an environment for every ten calls a second, however short they are. */
  static final double CALLS_EACH = 10;

  static final int IDLE_SECONDS = 300;

  /** Random arrivals rarely exceed their mean by more standard deviations than this. */
  private static final double DEVIATIONS = 4;

  /** The time from the start of a new environment to its first answer. */
  private static final double RESTORE_SECONDS = 0.5;

  private final double callSeconds;
  private final int most;
  private final TokenBucket growth;
  private final int[] neededLately = new int[IDLE_SECONDS];
  private int count;
  private double reached;

  Environments(double callSeconds, Platform platform) {
    this.callSeconds = callSeconds;
    this.most = platform.concurrency();
    double perSecond = platform.growth() / 10.0;
    this.growth = new TokenBucket(perSecond, platform.growth() - perSecond);
  }

  int count() {
    return count;
  }

  /** The concurrency that Lambda counts for this number of calls a second. */
  double counted(double calls) {
    return Math.max(atOnce(calls), calls / CALLS_EACH);
  }

  private double atOnce(double calls) {
    double mean = calls * callSeconds;
    return mean + DEVIATIONS * Math.sqrt(mean);
  }

  /** The number of these calls that Lambda accepts. It limits how fast a function's concurrency grows. */
  double admit(double calls) {
    double wanted = counted(calls);
    double grown = Math.min(Math.max(0, wanted - reached), growth.available());
    growth.pass(grown);
    reached += grown;
    return wanted <= reached ? calls : calls * reached / wanted;
  }

  /**
   * Handles the calls of a second, with new environments for those that find none free. Until a new environment answers,
   * each further call gets another one.
   */
  void take(int second, double calls) {
    double atOnce = atOnce(calls);
    double without = atOnce <= count ? 0 : calls * (1 - count / atOnce);
    double needed = Math.max(atOnce, without == 0 ? 0 : count + without * RESTORE_SECONDS);
    neededLately[second % IDLE_SECONDS] = (int) Math.ceil(Math.min(needed, most));
    count = 0;
    for (int lately : neededLately) {
      count = Math.max(count, lately);
    }
  }
}
