package io.fleetwell.lambda;

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
}
