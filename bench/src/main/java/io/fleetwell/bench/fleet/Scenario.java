package io.fleetwell.bench.fleet;

import java.util.random.RandomGenerator;

/** What happens to a fleet. */
enum Scenario {
  STEADY("as every day", false, true),
  /** Devices find it at their next check, download it from the maker, restart, and report their new version. */
  RELEASE("a release that all install", false, true),
  RESTART("power returns, all check at once", true, false),
  RESTART_SPREAD("power returns, each waits a random part of its interval", true, true);

  /** Seconds within which all devices start when the power returns. */
  private static final int POWER_UP = 30;

  private final String words;
  private final boolean powersUp;
  private final boolean spreads;

  Scenario(String words, boolean powersUp, boolean spreads) {
    this.words = words;
    this.powersUp = powersUp;
    this.spreads = spreads;
  }

  String words() {
    return words;
  }

  boolean powersUp() {
    return powersUp;
  }

  /** The second in which a device checks first. */
  int firstCheck(Fleet fleet, RandomGenerator random) {
    return (powersUp ? random.nextInt(POWER_UP) : 0)
        + (spreads ? random.nextInt(fleet.interval()) : 0);
  }
}
