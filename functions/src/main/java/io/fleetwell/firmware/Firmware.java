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
 * @param version unreadable only if an earlier release of Fleetwell accepted it. Then no device is offered the firmware.
 * @param serialPattern matches the whole of each serial number that the firmware is for. Empty for all devices, even those
 *     without a known serial number.
 * @param mandatory whether devices must not skip it, even if something newer exists
 * @param test whether it is offered only to devices that ask for test firmware
 * @param id derives from other properties. A stored firmware keeps the id under which it is stored.
 */
public record Firmware(
    ProductLine line,
    ParsedVersion version,
    String downloadUrl,
    Optional<SerialPattern> serialPattern,
    boolean mandatory,
    boolean test,
    List<ReleaseNote> releaseNotes,
    Instant published,
    FirmwareId id) {
  /** What the firmware changes, in one language. */
  public record ReleaseNote(String language, String body) {}

  /** The properties that no two firmwares share. The id may differ: earlier releases derived it in another way. */
  record Identity(
      ProductLine line,
      ParsedVersion version,
      Optional<SerialPattern> serialPattern,
      boolean test) {}

  public Firmware {
    releaseNotes = List.copyOf(releaseNotes);
  }

  /** A firmware that is not stored yet. */
  public Firmware(
      ProductLine line,
      Version version,
      String downloadUrl,
      Optional<SerialPattern> serialPattern,
      boolean mandatory,
      boolean test,
      List<ReleaseNote> releaseNotes,
      Instant published) {
    this(
        line,
        version,
        downloadUrl,
        serialPattern,
        mandatory,
        test,
        releaseNotes,
        published,
        FirmwareId.of(line, version, serialPattern.map(SerialPattern::regex), test));
  }

  Identity identity() {
    return new Identity(line.canonical(), version, serialPattern, test);
  }

  /** The firmware as callers see it. */
  public ObjectNode json() {
    ObjectNode json = Json.object();
    json.put("id", id.text()).put("devicetype", line.deviceType()).put("region", line.region());
    json.put("version", version.toString()).put("downloadurl", downloadUrl);
    if (version.readable().isEmpty()) {
      json.put("unreadable", true);
    }
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
