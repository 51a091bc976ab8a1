package io.fleetwell.aws;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of the event that the current thread is handling. A function that Lambda stops at its timeout sends no
 * answer, so calls to AWS end before that. Threads that are started for an event inherit its deadline.
 */
public final class Deadline {
  /** The time for the answer after the last call to a store; it suffices on a busy processor. */
  public static final Duration MARGIN = Duration.ofSeconds(2);

  // Not static: on one machine all functions share a process.
  @SuppressWarnings("ThreadLocalUsage")
  private final InheritableThreadLocal<@Nullable Long> nanoTime = new InheritableThreadLocal<>();

  /**
   * Starts an event.
   *
   * @param left the time until Lambda stops the function
   */
  public void set(Duration left) {
    nanoTime.set(System.nanoTime() + left.minus(MARGIN).toNanos());
  }

  public void clear() {
    nanoTime.remove();
  }

  /** The time left for calls, which may be negative; empty outside an event. */
  public Optional<Duration> remaining() {
    return Optional.ofNullable(nanoTime.get())
        .map(end -> Duration.ofNanos(end - System.nanoTime()));
  }
}
