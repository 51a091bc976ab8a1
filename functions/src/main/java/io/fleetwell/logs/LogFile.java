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
    return !text.isEmpty() && text.codePointCount(0, text.length()) <= MAX_VERSION_LENGTH;
  }

  /** The file as a receipt shows it: no user learns who else sent it, or what they said. */
  LogFile shownTo(Sender reader) {
    boolean isAnotherUsers = reader.isUser()
        && by.filter(Sender::isUser)
            .filter(sender -> !sender.id().equals(reader.id()))
            .isPresent();
    return isAnotherUsers
        ? new LogFile(deviceId, logType, sha256, size, received, Optional.empty(), Optional.empty())
        : this;
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
