package io.fleetwell.bench.fleet;

import java.util.random.RandomGenerator;

/** What happens to a fleet. */
enum Scenario {
  STEADY("as every day") {
    @Override
    int firstCheck(Fleet fleet, RandomGenerator random) {
      return random.nextInt(fleet.interval());
    }
  },
  /** Devices find it at their next check, download it from the maker, restart with it, and tell of it. */
  RELEASE("a release that all install") {
    @Override
    int firstCheck(Fleet fleet, RandomGenerator random) {
      return random.nextInt(fleet.interval());
    }
  },
  /** All devices start within {@link #POWER_UP} seconds, and check at once. */
  RESTART("power returns, all check at once") {
    @Override
    int firstCheck(Fleet fleet, RandomGenerator random) {
      return random.nextInt(POWER_UP);
    }
  },
  RESTART_SPREAD("power returns, each waits a random part of its interval") {
    @Override
    int firstCheck(Fleet fleet, RandomGenerator random) {
      return random.nextInt(POWER_UP) + random.nextInt(fleet.interval());
    }
  };

  static final int POWER_UP = 30;

  private final String words;

  Scenario(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /** In which second a device checks first. */
  abstract int firstCheck(Fleet fleet, RandomGenerator random);
}
