package io.fleetwell.bench.fleet;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The catalogues that each environment has in memory, and what it reads of the table to have them: each product line and,
 * once for all regions of a kind, what is published for every region, when a check finds them missing or too old.
 */
final class CatalogueCaches {
  private static final int UNIT_BYTES = 4_096;

  private final Fleet fleet;
  private final int maxAge;
  private final RandomGenerator random;
  private final double unitsOfRead;

  /** For each key, the lines and then those for every region, and each environment: until when it is fresh. */
  private final int[][] freshUntil;

  private final double[] unitsOfKey;

  CatalogueCaches(Fleet fleet, int maxAge, RandomGenerator random) {
    this.fleet = fleet;
    this.maxAge = maxAge;
    this.random = random;
    this.unitsOfRead = Math.max(1, Math.ceil((double) fleet.lineBytes() / UNIT_BYTES));
    this.freshUntil = new int[fleet.lines() + fleet.types()][0];
    this.unitsOfKey = new double[freshUntil.length];
  }

  /** The checks of a second, which are spread over so many environments. */
  void pass(int second, double checks, int environments) {
    for (int key = 0; key < freshUntil.length; key++) {
      if (freshUntil[key].length < environments) {
        freshUntil[key] = Arrays.copyOf(freshUntil[key], environments);
      }
      double lines = key < fleet.lines() ? fleet.lines() : fleet.types();
      double touched = -Math.expm1(-checks / (environments * lines));
      unitsOfKey[key] = unitsOfRead * reads(freshUntil[key], second, environments, touched);
    }
  }

  /** Those who meet a check, and have nothing fresh. */
  private int reads(int[] untils, int second, int environments, double touched) {
    int reads = 0;
    for (int i = 0; i < environments; i++) {
      if (untils[i] <= second && random.nextDouble() < touched) {
        untils[i] = second + maxAge - random.nextInt(maxAge / 2 + 1);
        reads++;
      }
    }
    return reads;
  }

  /** What the last second read. */
  double units() {
    return Arrays.stream(unitsOfKey).sum();
  }

  /** What the last second read under the key that was read most. */
  double hottestKey() {
    return Arrays.stream(unitsOfKey).max().orElse(0);
  }
}
