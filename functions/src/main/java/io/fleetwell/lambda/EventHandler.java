package io.fleetwell.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.Deadline;
import io.fleetwell.aws.EventLog;
import io.fleetwell.json.Json;
import io.fleetwell.snapstart.Priming;
import io.fleetwell.telemetry.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A Lambda function: it answers events, and logs one line for each but an {@link AwakeEvent}. It reads the event from the
 * stream itself, because Lambda's own event classes cost 650 ms of every cold start.
 *
 * <p>A subclass has the name of its function in the template, followed by {@code Handler}. It has two public constructors:
 * one without arguments for Lambda, and one that takes {@link Aws}.
 */
public abstract class EventHandler implements RequestStreamHandler {
  private final Clock clock;
  private final Deadline deadline;
  private final EventLog log;
  private final boolean logsRequests;
  private final String metricsNamespace;

  /** Keeps the priming alive as long as the function; null outside Lambda. */
  @SuppressWarnings("UnusedVariable")
  private final @Nullable Priming priming;

  protected EventHandler(Aws aws) {
    this.clock = aws.clock();
    this.deadline = aws.deadline();
    this.log = aws.log();
    this.logsRequests = aws.environment().flag("REQUEST_LOGS");
    this.metricsNamespace = aws.environment().text("METRICS_NAMESPACE");
    this.priming = Priming.register(getClass(), aws, others -> another(others)::handle);
  }

  /** Returns another handler of this class, with other surroundings. */
  private EventHandler another(Aws aws) {
    try {
      return getClass().getConstructor(Aws.class).newInstance(aws);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Answers an event.
   *
   * @param line the log of the event; the id and the route are already in it
   * @param logger for errors
   */
  protected abstract JsonNode answer(JsonNode event, LogLine line, LambdaLogger logger);

  /** The id by which the gateway, the logs and the caller know an event. */
  public static String requestId(JsonNode event) {
    return event.path("requestContext").path("requestId").asText("");
  }

  /** The route as the template writes it, such as {@code GET /v1/devices/{deviceid}}. */
  public static String route(JsonNode event) {
    return event.path("routeKey").asText("");
  }

  /** A schedule's event has neither an id nor a route. */
  private static void identify(JsonNode event, LogLine line) {
    if (event.has("requestContext")) {
      line.put("requestId", requestId(event));
      line.put("route", route(event));
    }
  }

  protected final Clock clock() {
    return clock;
  }

  @Override
  public final void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    deadline.set(Duration.ofMillis(context.getRemainingTimeInMillis()));
    try {
      handle(event, answer, new TracedLogger(context));
    } finally {
      deadline.clear();
    }
  }

  /** Like {@link #handleRequest}, without a deadline. */
  public final void handle(InputStream in, OutputStream out, LambdaLogger logger)
      throws IOException {
    long start = System.nanoTime();
    JsonNode event = Json.read(in);
    if (AwakeEvent.is(event)) {
      out.write(Json.bytes(Json.object()));
      return;
    }
    LogLine line = new LogLine(clock.instant(), metricsNamespace);
    log.set(logger);
    try {
      identify(event, line);
      out.write(Json.bytes(answer(event, line, logger)));
    } finally {
      log.clear();
      line.put("milliseconds", Duration.ofNanos(System.nanoTime() - start).toMillis());
      if (logsRequests || line.warns()) {
        // The runtime passes bytes on unchanged; it would wrap text in its own JSON.
        logger.log(line.end());
      }
    }
  }
}
