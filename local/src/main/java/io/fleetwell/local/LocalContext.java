package io.fleetwell.local;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import io.fleetwell.local.Template.Function;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;

/**
 * The context of a call. A function logs failures as text, which also goes to standard error, and a line of JSON about
 * each call as bytes.
 *
 * @param endNanoTime when Lambda stops the function, in the time of {@link System#nanoTime}
 * @param lines receives the lines of JSON
 */
@NullUnmarked
record LocalContext(String functionName, UUID requestId, long endNanoTime, Consumer<String> lines)
    implements Context {
  private static final int MEMORY_MB = 512;

  /** The context of a call that starts now. */
  static LocalContext of(Function function, Consumer<String> lines) {
    return new LocalContext(
        function.name(),
        UUID.randomUUID(),
        System.nanoTime() + function.timeout().toNanos(),
        lines);
  }

  @Override
  public String getAwsRequestId() {
    return requestId.toString();
  }

  @Override
  public String getLogGroupName() {
    return "/local/" + functionName;
  }

  @Override
  public String getLogStreamName() {
    return "local";
  }

  @Override
  public String getFunctionName() {
    return functionName;
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:%s:%s:function:%s"
        .formatted(LocalAccount.REGION, LocalAccount.ID, functionName);
  }

  @Override
  public CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getRemainingTimeInMillis() {
    return (int) Duration.ofNanos(endNanoTime - System.nanoTime()).toMillis();
  }

  @Override
  public int getMemoryLimitInMB() {
    return MEMORY_MB;
  }

  @Override
  public LambdaLogger getLogger() {
    return new LambdaLogger() {
      @Override
      public void log(String message) {
        System.err.println(functionName + ": " + message);
      }

      /** Lambda writes such a message as JSON. */
      @Override
      public void log(String message, LogLevel level) {
        log(message);
        ObjectNode line = Json.object()
            .put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
            .put("level", level.toString())
            .put("message", message)
            .put("AWSRequestId", requestId.toString());
        lines.accept(Json.text(line) + "\n");
      }

      @Override
      public void log(byte[] message) {
        lines.accept(new String(message, StandardCharsets.UTF_8));
      }
    };
  }
}
