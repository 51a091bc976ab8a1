package io.fleetwell.logs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/**
 * A log or crash file that was received.
 *
 * @param sha256 in hex; also the file's id, because the same bytes for one device and type are the same file
 * @param size in bytes
 */
public record LogFile(String deviceId, String logType, String sha256, int size, Instant received) {
  ObjectNode json() {
    return Json.object()
        .put("deviceid", deviceId)
        .put("logtype", logType)
        .put("logid", sha256)
        .put("size", size)
        .put("sha256", sha256)
        .put("received", DateTimeFormatter.ISO_INSTANT.format(received));
  }
}
