package io.fleetwell.logs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * A log or crash file that was received.
 *
 * @param sha256 in hex; also the file's id, because the same bytes for one device and type are the same file
 * @param size in bytes
 * @param by the sender; empty for a file that an earlier release stored
 * @param version the firmware version that the device ran, as text that may not be a readable version; empty if it is
 *     unknown
 */
public record LogFile(
    String deviceId,
    String logType,
    String sha256,
    int size,
    Instant received,
    Optional<Sender> by,
    Optional<String> version) {
  /** In Unicode code points. A readable version is shorter. */
  static final int MAX_VERSION_LENGTH = 128;

  static boolean isVersion(String text) {
    return text.codePointCount(0, text.length()) <= MAX_VERSION_LENGTH;
  }

  ObjectNode json() {
    ObjectNode json = Json.object()
        .put("deviceid", deviceId)
        .put("logtype", logType)
        .put("logid", sha256)
        .put("size", size)
        .put("sha256", sha256)
        .put("received", DateTimeFormatter.ISO_INSTANT.format(received));
    by.ifPresent(sender -> json.put("by", Words.of(sender.kind())));
    version.ifPresent(it -> json.put("version", it));
    return json;
  }
}
