package io.fleetwell.awake;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.aws.FunctionAlias;
import io.fleetwell.aws.FunctionCalls;
import io.fleetwell.json.Json;
import io.fleetwell.lambda.AwakeEvent;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.telemetry.LogLine;
import java.util.List;
import java.util.Optional;

/**
 * Calls functions with the event that does nothing, because Lambda deletes a snapshot after 14 days without a call. The
 * schedule in the template names the functions, in its event.
 */
public final class KeepAwakeHandler extends EventHandler {
  private final FunctionCalls calls;

  public KeepAwakeHandler() {
    this(Aws.inLambda());
  }

  public KeepAwakeHandler(Aws aws) {
    super(aws);
    this.calls = aws.functionCalls();
  }

  /**
   * Calls all functions, also after one has failed.
   *
   * @throws IllegalStateException when a function failed. Lambda then repeats the event twice, which succeeds if the
   *     function got a new snapshot in the meantime.
   */
  @Override
  protected JsonNode answer(JsonNode event, LogLine line, LambdaLogger logger) {
    List<FunctionAlias> functions = event
        .path("functions")
        .valueStream()
        .map(it -> FunctionAlias.parse(it.asText()))
        .toList();
    long awake = functions.stream().filter(it -> answers(it, logger)).count();
    if (functions.isEmpty() || awake < functions.size()) {
      throw new IllegalStateException(
          "%d of %d functions answered".formatted(awake, functions.size()));
    }
    line.put("awake", awake);
    return Json.object().put("awake", awake);
  }

  private boolean answers(FunctionAlias function, LambdaLogger logger) {
    Optional<String> failure = calls.call(function, AwakeEvent.bytes());
    failure.ifPresent(
        it -> logger.log("%s does not answer: %s".formatted(function, it), LogLevel.ERROR));
    return failure.isEmpty();
  }
}
