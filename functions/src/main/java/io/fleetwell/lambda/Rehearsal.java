package io.fleetwell.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.json.JsonText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What a function does before a snapshot is taken of it, so that what it needs is loaded and compiled.
 *
 * @param handler whose calls to AWS have no effect
 * @param events which it answers
 */
public record Rehearsal(EventHandler handler, List<byte[]> events) {
  private static final LambdaLogger SILENT = new LambdaLogger() {
    @Override
    public void log(String message) {
      // It would tell of calls that nobody made.
    }

    @Override
    public void log(byte[] message) {
      // As above: it would be counted, too.
    }
  };

  /** With the event that is recorded for the function, which is named like its handler. */
  public static Rehearsal of(EventHandler handler) {
    String name = handler.getClass().getSimpleName().replaceAll("Handler$", "");
    return new Rehearsal(handler, List.of(recordedEvent("/events/" + name + ".json")));
  }

  private static byte[] recordedEvent(String file) {
    try (InputStream event = Rehearsal.class.getResourceAsStream(file)) {
      if (event == null) {
        throw new FileNotFoundException(file);
      }
      return event.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Has the handler answer its events.
   *
   * @throws IllegalStateException when an answer is no success: requests that are one would go another way
   */
  public void play() {
    events.forEach(this::play);
  }

  private void play(byte[] event) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      handler.handle(new ByteArrayInputStream(event), out, SILENT);
      JsonNode answer = JsonText.read(new ByteArrayInputStream(out.toByteArray()));
      if (!isSuccess(answer)) {
        throw new IllegalStateException("the answer is " + JsonText.of(answer));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSuccess(JsonNode answer) {
    return answer.path("isAuthorized").asBoolean(answer.path("statusCode").asInt() / 100 == 2);
  }
}
