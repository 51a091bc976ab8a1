package io.fleetwell.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.JsonText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a function does before a snapshot is taken of it, so that what it needs is loaded and compiled.
 *
 * @param handler whose calls to AWS have no effect
 * @param events which it answers
 */
public record Rehearsal(EventHandler handler, List<byte[]> events) {
  /** In the context of a request: what the authorizer said of whoever calls. */
  private static final String CALLER = "authorizer";

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
    return new Rehearsal(handler, List.of(recordedEvent(handler)));
  }

  /** The same, with each event once more, from whoever the event of another function is from. */
  public Rehearsal alsoFromCallerOf(EventHandler other) {
    JsonNode caller = context(tree(recordedEvent(other))).path(CALLER);
    Stream<byte[]> fromCaller = events.stream().map(event -> {
      JsonNode changed = tree(event);
      context(changed).set(CALLER, caller);
      return JsonText.bytesOf(changed);
    });
    return new Rehearsal(handler, Stream.concat(events.stream(), fromCaller).toList());
  }

  private static ObjectNode context(JsonNode event) {
    return (ObjectNode) event.path("requestContext");
  }

  private static JsonNode tree(byte[] event) {
    try {
      return JsonText.read(new ByteArrayInputStream(event));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] recordedEvent(EventHandler handler) {
    String name = handler.getClass().getSimpleName().replaceAll("Handler$", "");
    String file = "/events/" + name + ".json";
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
      JsonNode answer = tree(out.toByteArray());
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
