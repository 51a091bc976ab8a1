package io.fleetwell.aws;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of the event that the current thread is handling. Threads that are started for an event inherit it. Outside an
 * event, nothing is logged.
 */
public final class EventLog {
  // Not static: on one machine all functions share a process.
  @SuppressWarnings("ThreadLocalUsage")
  private final InheritableThreadLocal<@Nullable LambdaLogger> logger =
      new InheritableThreadLocal<>();

  /** Starts an event. */
  public void set(LambdaLogger ofEvent) {
    logger.set(ofEvent);
  }

  public void clear() {
    logger.remove();
  }

  /** Logs what an operator should look at, although the event does not fail. */
  public void warn(String message) {
    LambdaLogger ofEvent = logger.get();
    if (ofEvent != null) {
      ofEvent.log(message, LogLevel.WARN);
    }
  }

  /**
   * Returns what is read of an item of a list. If it cannot be read, that is logged, and it is left out.
   *
   * @param id names the item; never a user's id
   */
  public <T> Optional<T> readable(String id, Supplier<Optional<T>> reading) {
    try {
      return reading.get();
    } catch (RuntimeException e) {
      // The message is not logged: it may contain what a user wrote.
      warn("The item %s cannot be read, and is left out: %s at %s"
          .formatted(id, e.getClass().getName(), e.getStackTrace()[0]));
      return Optional.empty();
    }
  }
}
