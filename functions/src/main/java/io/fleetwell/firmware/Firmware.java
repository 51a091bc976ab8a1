package io.fleetwell.firmware;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * A published firmware.
 *
 * @param serialPattern which serial numbers it is for: it must match the whole of one. Empty for all devices, with a
 *     known serial number or not.
 * @param mandatory whether no device may skip it, even if there is something newer
 * @param test whether only those are offered it who ask for test firmware
 */
public record Firmware(
    ProductLine line,
    Version version,
    String downloadUrl,
    Optional<SerialPattern> serialPattern,
    boolean mandatory,
    boolean test,
    List<ReleaseNote> releaseNotes,
    Instant published) {

  /** What is new, in one language. */
  public record ReleaseNote(String language, String body) {}

  public Firmware {
    releaseNotes = List.copyOf(releaseNotes);
  }

  public FirmwareId id() {
    return FirmwareId.of(line, version, serialPattern.map(SerialPattern::regex), test);
  }

  /** What callers see. */
  public ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("id", id().text()).put("devicetype", line.deviceType()).put("region", line.region());
    json.put("version", version.toString()).put("downloadurl", downloadUrl);
    serialPattern.ifPresent(pattern -> json.put("serial-regex", pattern.regex()));
    json.put("mandatory", mandatory).put("test", test);
    if (!releaseNotes.isEmpty()) {
      ArrayNode notes = json.putArray("releasenotes");
      releaseNotes.forEach(
          note -> notes.addObject().put("lang", note.language()).put("body", note.body()));
    }
    return json.put("published", DateTimeFormatter.ISO_INSTANT.format(published));
  }
}
