package io.fleetwell.testing.faults;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;

/** Faults of all kinds, each at its own rate. A seed determines their order. */
public final class RandomFaults implements Faults {
  private static final int ALL = 1_000;
  private static final int LONGEST_PAUSE_MILLIS = 400;

  private final Random random;
  private final Map<Fault, Integer> perMille;

  /**
   * @param perMille how many of a thousand calls have each kind of fault
   */
  public RandomFaults(long seed, Map<Fault, Integer> perMille) {
    this.random = new Random(seed);
    this.perMille = new EnumMap<>(perMille);
  }

  /** Faults in about a quarter of all calls. Hangs are rare, since each costs seconds. */
  public static RandomFaults ofEveryKind(long seed) {
    return new RandomFaults(
        seed,
        Map.ofEntries(
            Map.entry(Fault.LOST_REQUEST, 30),
            Map.entry(Fault.LOST_ANSWER, 35),
            Map.entry(Fault.CUT_ANSWER, 30),
            Map.entry(Fault.CUT_HEADERS, 20),
            Map.entry(Fault.CORRUPT_REQUEST, 15),
            Map.entry(Fault.CORRUPT_ANSWER, 25),
            Map.entry(Fault.DELAY, 20),
            Map.entry(Fault.LATE_REQUEST, 35),
            Map.entry(Fault.DUPLICATE, 20),
            Map.entry(Fault.PARTIAL_BATCH, 15),
            Map.entry(Fault.IN_PROGRESS, 10),
            Map.entry(Fault.THROTTLED, 5),
            Map.entry(Fault.ERROR, 10),
            Map.entry(Fault.ERROR_AFTER_EFFECT, 20),
            Map.entry(Fault.HANG, 1),
            Map.entry(Fault.HANG_IN_ANSWER, 1)));
  }

  @Override
  public synchronized Fault next(Call call) {
    int drawn = random.nextInt(ALL);
    for (Map.Entry<Fault, Integer> kind : perMille.entrySet()) {
      drawn -= kind.getValue();
      if (drawn < 0) {
        return kind.getKey();
      }
    }
    return Fault.NONE;
  }

  @Override
  public synchronized Duration pause() {
    return Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS));
  }

  @Override
  public synchronized int left(int tables) {
    return random.nextInt(tables);
  }

  @Override
  public synchronized int position(int length) {
    return random.nextInt(length);
  }
}
