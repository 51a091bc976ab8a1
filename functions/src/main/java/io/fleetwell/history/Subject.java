package io.fleetwell.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * What an event is about.
 *
 * @param key under which the events of the subject are stored: the id of a device or, behind a character that no device's id has,
 *     a word and what it names
 */
public record Subject(String key) {
  private static final String FIRMWARE = "#firmware#";
  private static final String IMPORT = "#import#";

  public static Subject device(String deviceId) {
    return new Subject(deviceId);
  }

  /**
   * The subject of firmware, whose events are kept for ever.
   *
   * @param id the id that callers see
   */
  public static Subject firmware(String id) {
    return new Subject(FIRMWARE + id);
  }

  /** The subject of a call that imports devices. Each has its own, so no part of the table takes all of them. */
  static Subject importCall(Instant time, String requestId) {
    return new Subject(IMPORT + time.toEpochMilli() + "#" + requestId);
  }

  Optional<String> deviceId() {
    return key.startsWith("#") ? Optional.empty() : Optional.of(key);
  }

  Optional<String> firmware() {
    return key.startsWith(FIRMWARE)
        ? Optional.of(key.substring(FIRMWARE.length()))
        : Optional.empty();
  }

  /** The ids of what the event is about. */
  ObjectNode json() {
    ObjectNode json = Json.object();
    deviceId().ifPresent(id -> json.put("deviceid", id));
    firmware().ifPresent(id -> json.put("firmware", id));
    return json;
  }
}
