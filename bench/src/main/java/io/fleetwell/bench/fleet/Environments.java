package io.fleetwell.bench.fleet;

/**
 * The execution environments of one function. Each does one call at a time, so there are as many as calls were lately at
 * once. Amazon does not say when it ends one that is idle; here it does so after five minutes.
 */
final class Environments {
  /** Lambda counts an environment for every ten calls a second, however short they are. */
  static final double CALLS_EACH = 10;

  static final int IDLE_SECONDS = 300;

  /** Calls that come by chance seldom exceed their mean by more standard deviations. */
  private static final double DEVIATIONS = 4;

  /** How long a new environment takes until it answers. */
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

  /** As how many environments Lambda counts so many calls a second. */
  double counted(double calls) {
    return Math.max(atOnce(calls), calls / CALLS_EACH);
  }

  private double atOnce(double calls) {
    double mean = calls * callSeconds;
    return mean + DEVIATIONS * Math.sqrt(mean);
  }

  /** As many of these calls as Lambda takes, since a function grows only so fast. */
  double admit(double calls) {
    double wanted = counted(calls);
    double grown = Math.min(Math.max(0, wanted - reached), growth.available());
    growth.pass(grown);
    reached += grown;
    return wanted <= reached ? calls : calls * reached / wanted;
  }

  /**
   * Takes the calls of a second, with new environments for those that find none free. Until a new one answers, each
   * further call gets one of its own.
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
