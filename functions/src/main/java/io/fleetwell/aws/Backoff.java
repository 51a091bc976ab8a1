package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * The pauses between attempts at an operation that collided with others. They grow, and are random to avoid the same
 * collision. All attempts together take about a second: a call that goes on trying occupies a part of the account's
 * concurrency, which everybody else's calls need.
 */
public final class Backoff {
  private static final int MAX_PAUSES = 10;
  private static final Duration FIRST = Duration.ofMillis(8);
  private static final Duration LONGEST = Duration.ofMillis(250);

  private int pauses;

  /** Waits before the next attempt; throws a {@link Failure#contention} after too many attempts. */
  public void pause() {
    if (pauses == MAX_PAUSES) {
      throw Failure.contention();
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
