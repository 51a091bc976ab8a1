package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * The pauses between tries of one operation that others got in the way of: longer each time, random, so that those who
 * collided do not collide again, and few enough to end well within a function's timeout.
 */
public final class Backoff {
  private static final int MAX_PAUSES = 25;
  private static final Duration FIRST = Duration.ofMillis(8);
  private static final Duration LONGEST = Duration.ofMillis(250);

  private int pauses;

  /**
   * Waits before the next try.
   *
   * @throws Failure {@code UNAVAILABLE} when there have been too many
   */
  public void pause() {
    if (pauses == MAX_PAUSES) {
      throw Failure.unavailable(
          new IllegalStateException("others were quicker " + MAX_PAUSES + " times"));
    }
    long longest = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(pauses, 16));
    pauses++;
    try {
      Thread.sleep(new SecureRandom().nextLong(longest + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.unavailable(e);
    }
  }
}
