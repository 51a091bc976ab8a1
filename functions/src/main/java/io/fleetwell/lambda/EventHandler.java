package io.fleetwell.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.fleetwell.telemetry.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;

/**
 * A function of Lambda: it answers events, and logs one line of each. It reads the event from the stream itself, since
 * Lambda's own event classes cost 650 ms of every cold start.
 */
public abstract class EventHandler implements RequestStreamHandler {
  private final FunctionRuntime runtime;

  protected EventHandler(FunctionRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Answers an event.
   *
   * @param line takes what is to be logged of it
   * @param logger for what the line does not say
   */
  protected abstract void answer(
      InputStream event, OutputStream answer, LogLine line, LambdaLogger logger) throws IOException;

  protected final Clock clock() {
    return runtime.clock();
  }

  @Override
  public final void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    runtime.deadline().set(Duration.ofMillis(context.getRemainingTimeInMillis()));
    try {
      handle(event, answer, context.getLogger());
    } finally {
      runtime.deadline().clear();
    }
  }

  /** As {@link #handleRequest}, but in no hurry, and without the rest of Lambda's context, of which no function uses anything. */
  public final void handle(InputStream event, OutputStream answer, LambdaLogger logger)
      throws IOException {
    long start = System.nanoTime();
    LogLine line = new LogLine(clock().instant(), runtime.metricsNamespace());
    try {
      answer(event, answer, line, logger);
    } finally {
      line.put("milliseconds", Duration.ofNanos(System.nanoTime() - start).toMillis());
      if (runtime.logsRequests()) {
        // As bytes, which the runtime passes on as they are; text it would wrap in JSON of its own.
        logger.log(line.end());
      }
    }
  }
}
