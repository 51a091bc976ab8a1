package io.fleetwell.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.Deadline;
import io.fleetwell.snapstart.Priming;
import io.fleetwell.telemetry.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * A function of Lambda: it answers events, and logs one line for each. It reads the event from the stream itself, because
 * Lambda's own event classes cost 650 ms of every cold start.
 *
 * <p>A subclass is named like its function in the template with {@code Handler} behind, and has two public constructors:
 * one without arguments for Lambda, and one that takes {@link Aws}.
 */
public abstract class EventHandler implements RequestStreamHandler {
  private final Clock clock;
  private final Deadline deadline;
  private final boolean logsRequests;
  private final String metricsNamespace;

  /** Held here for as long as the function lives; null outside Lambda. */
  @SuppressWarnings("UnusedVariable")
  private final @Nullable Resource priming;

  protected EventHandler(Aws aws) {
    this.clock = aws.clock();
    this.deadline = aws.deadline();
    this.logsRequests = aws.environment().flag("REQUEST_LOGS");
    this.metricsNamespace = aws.environment().text("METRICS_NAMESPACE");
    this.priming = aws.isInLambda()
        ? Priming.register(
            functionName(), aws.dynamoDbEndpoint(), store -> another(aws, store)::handle)
        : null;
  }

  private String functionName() {
    return getClass().getSimpleName().replaceAll("Handler$", "");
  }

  /** Another handler of this class, whose stores are elsewhere. */
  private EventHandler another(Aws aws, URI stores) {
    Aws elsewhere = aws.with(
        Map.of(Aws.DYNAMODB_ENDPOINT, stores.toString(), Aws.S3_ENDPOINT, stores.toString()));
    try {
      return getClass().getConstructor(Aws.class).newInstance(elsewhere);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Answers an event.
   *
   * @param line takes what is logged of the event
   * @param logger takes errors
   */
  protected abstract void answer(
      InputStream event, OutputStream answer, LogLine line, LambdaLogger logger) throws IOException;

  protected final Clock clock() {
    return clock;
  }

  @Override
  public final void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    deadline.set(Duration.ofMillis(context.getRemainingTimeInMillis()));
    try {
      handle(event, answer, context.getLogger());
    } finally {
      deadline.clear();
    }
  }

  /** Like {@link #handleRequest}, without a deadline. */
  public final void handle(InputStream event, OutputStream answer, LambdaLogger logger)
      throws IOException {
    long start = System.nanoTime();
    LogLine line = new LogLine(clock.instant(), metricsNamespace);
    try {
      answer(event, answer, line, logger);
    } finally {
      line.put("milliseconds", Duration.ofNanos(System.nanoTime() - start).toMillis());
      if (logsRequests) {
        // Bytes, which the runtime passes on as they are; it would wrap text in JSON of its own.
        logger.log(line.end());
      }
    }
  }
}
