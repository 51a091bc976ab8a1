package io.fleetwell.bench.growth;

import io.fleetwell.firmware.Firmware;
import io.fleetwell.firmware.Firmware.ReleaseNote;
import io.fleetwell.firmware.ProductLine;
import io.fleetwell.firmware.SerialPattern;
import io.fleetwell.firmware.Version;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** What may be published for a product line, which takes checks longer or less long. */
enum PublishedFirmware {
  PLAIN("plain versions"),
  MANDATORY("1 in 10 mandatory"),
  SERIALS("1 in 5 for serial numbers, 20 patterns"),
  HOSTILE("the slowest patterns that are accepted"),
  HOSTILE_TO_LONG("the same, serial numbers of 256 characters");

  private static final int PATTERNS = 20;

  /** All of their states are reached by any serial number, and there is no room for one more of them. */
  private static final List<String> SLOW_PATTERNS =
      IntStream.range(0, 4).mapToObj(i -> "(?:.*a?){149}%c".formatted('b' + i)).toList();

  private final String words;

  PublishedFirmware(String words) {
    this.words = words;
  }

  /** A device: what it runs, which is anything that was ever published, and its serial number. */
  record Device(String version, String serial) {}

  String words() {
    return words;
  }

  boolean isHostile() {
    return this == HOSTILE || this == HOSTILE_TO_LONG;
  }

  static String version(int i) {
    return "%d.%d.%d".formatted(1 + i / 1_000, i / 10 % 100, i % 10);
  }

  boolean mandatory(int i) {
    return this == MANDATORY && i % 10 == 0;
  }

  /**
   * The pattern of the serial numbers that a record is for. The newest have the slow ones, which match no serial number,
   * so that every check tries them all.
   *
   * @param published how many records there are
   */
  Optional<String> pattern(int i, int published) {
    if (isHostile() && i >= published - SLOW_PATTERNS.size()) {
      return Optional.of(SLOW_PATTERNS.get(published - 1 - i));
    }
    return this == SERIALS && i % 5 == 4
        ? Optional.of("SN%02d[0-9]{6}".formatted(i / 5 % PATTERNS))
        : Optional.empty();
  }

  Firmware firmware(ProductLine line, int i, int published) {
    return new Firmware(
        line,
        Version.parse(version(i)).orElseThrow(),
        "https://firmware.example.com/smartdevice100/%d.bin".formatted(i),
        pattern(i, published).map(SerialPattern::compile),
        mandatory(i),
        false,
        List.of(new ReleaseNote("en", "Presets load faster.")),
        Instant.ofEpochSecond(i));
  }

  /** The same ones each time. */
  List<Device> devices(int count, int published) {
    Random random = new Random(published);
    String rest = this == HOSTILE_TO_LONG ? "0".repeat(246) : "";
    return IntStream.range(0, count)
        .mapToObj(i -> new Device(
            version(random.nextInt(published)),
            "SN%02d%06d".formatted(random.nextInt(PATTERNS), random.nextInt(1_000_000)) + rest))
        .toList();
  }
}
