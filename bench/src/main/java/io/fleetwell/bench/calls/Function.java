package io.fleetwell.bench.calls;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.lambda.EventHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A function in this process, from the bytes of an event to the bytes of an answer. */
public final class Function {
  private final EventHandler handler;
  private int lineBytes;

  /** Takes the line of each call, and no other: a function logs text only when something goes wrong. */
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

  public Function(EventHandler handler) {
    this.handler = handler;
  }

  public byte[] call(byte[] event) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    handler.handle(new ByteArrayInputStream(event), answer, lines);
    return answer.toByteArray();
  }

  /** Calls it, and looks at the answer, which takes longer. */
  public JsonNode answer(byte[] event, int status) throws IOException {
    byte[] bytes = call(event);
    JsonNode answer = Event.parse(new String(bytes, StandardCharsets.UTF_8));
    if (answer.path("statusCode").intValue() != status) {
      throw new IllegalStateException(answer.toString());
    }
    return answer;
  }

  /** How long the line was that the last call logged. */
  public int lineBytes() {
    return lineBytes;
  }
}
