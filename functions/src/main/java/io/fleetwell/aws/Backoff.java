package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * The pauses between attempts at an operation that collided with others. They grow, are random to avoid the same collision,
 * and end well within a function's timeout.
 */
public final class Backoff {
  private static final int MAX_PAUSES = 25;
  private static final Duration FIRST = Duration.ofMillis(8);
  private static final Duration LONGEST = Duration.ofMillis(250);

  private int pauses;

  /** Waits before the next attempt; throws {@code UNAVAILABLE} after too many attempts. */
  public void pause() {
    if (pauses == MAX_PAUSES) {
      throw Failure.unavailable(
          new IllegalStateException("collided with others " + MAX_PAUSES + " times"));
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
