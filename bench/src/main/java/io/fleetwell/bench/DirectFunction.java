package io.fleetwell.bench;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.aws.Aws;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.local.Template.Function;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A function that is called in this process and thread, from the bytes of an event to the bytes of an answer. */
final class DirectFunction {
  private static final JsonMapper JSON = new JsonMapper();

  private final EventHandler handler;
  private int lineBytes;

  /** Takes the line of each call. A function logs text only when something goes wrong. */
  private final LambdaLogger lines = new LambdaLogger() {
    @Override
    public void log(String message) {
      throw new IllegalStateException(message);
    }

    @Override
    public void log(byte[] line) {
      lineBytes = line.length;
    }
  };

  DirectFunction(Function function, Aws aws) {
    try {
      this.handler = Class.forName(function.handler())
          .asSubclass(EventHandler.class)
          .getConstructor(Aws.class)
          .newInstance(aws);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(function.handler(), e);
    }
  }

  byte[] call(byte[] event) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    handler.handle(new ByteArrayInputStream(event), answer, lines);
    return answer.toByteArray();
  }

  /** Calls it, and requires a success. */
  JsonNode succeed(byte[] event) throws IOException {
    JsonNode answer = JSON.readTree(call(event));
    MeasuredSystem.requireSuccess(answer);
    return answer;
  }

  /** The length of the line that the last call logged. */
  int lineBytes() {
    return lineBytes;
  }
}
