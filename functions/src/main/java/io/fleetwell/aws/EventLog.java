package io.fleetwell.aws;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
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
}
