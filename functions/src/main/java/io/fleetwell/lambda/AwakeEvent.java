package io.fleetwell.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.json.Json;

/**
 * The event that does nothing. It counts as a call for Lambda, which deletes snapshots that are not called. No caller of the
 * API can make it: an event of the gateway always has a {@code version}, and a body is text within it.
 */
public final class AwakeEvent {
  private static final String NAME = "fleetwell";
  private static final String VALUE = "awake";

  private AwakeEvent() {}

  public static byte[] bytes() {
    return Json.bytes(Json.object().put(NAME, VALUE));
  }

  static boolean is(JsonNode event) {
    return event.size() == 1 && event.path(NAME).asText("").equals(VALUE);
  }
}
