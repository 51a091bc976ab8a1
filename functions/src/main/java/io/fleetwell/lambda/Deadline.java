package io.fleetwell.lambda;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By when the event that a thread answers has to be answered, so that it is: a function that Lambda stops at its timeout
 * has no answer at all. The threads that are started for an event inherit it.
 */
public final class Deadline {
  /** What is left, once the last call to a store has ended, to say what came of it; on a busy processor, too. */
  public static final Duration MARGIN = Duration.ofSeconds(2);

  // Of this function: on one machine they share a process, and a static field would be all theirs.
  @SuppressWarnings("ThreadLocalUsage")
  private final InheritableThreadLocal<@Nullable Long> nanoTime = new InheritableThreadLocal<>();

  /**
   * Begins an event.
   *
   * @param left the time until Lambda stops the function
   */
  void set(Duration left) {
    nanoTime.set(System.nanoTime() + left.minus(MARGIN).toNanos());
  }

  void clear() {
    nanoTime.remove();
  }

  /** For how long calls may be made from now on, not positive for no more; empty where nobody waits for an answer. */
  public Optional<Duration> left() {
    return Optional.ofNullable(nanoTime.get())
        .map(end -> Duration.ofNanos(end - System.nanoTime()));
  }
}
