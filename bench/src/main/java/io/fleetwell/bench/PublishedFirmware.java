package io.fleetwell.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Kinds of records that a product line may hold, with which a check takes longer or less long. */
enum PublishedFirmware {
  PLAIN("plain versions"),
  MANDATORY("1 in 10 mandatory"),
  SERIALS("1 in 5 for serial numbers, 20 patterns"),
  HOSTILE("the slowest patterns that are accepted"),
  HOSTILE_TO_LONG("the same, serial numbers of 256 characters");

  private static final int PATTERNS = 20;

  /** Any serial number reaches all of their states, and no further state is accepted. */
  private static final List<String> SLOW_PATTERNS =
      IntStream.range(0, 4).mapToObj(i -> "(?:.*a?){149}%c".formatted('b' + i)).toList();

  private final String words;

  PublishedFirmware(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  boolean isHostile() {
    return this == HOSTILE || this == HOSTILE_TO_LONG;
  }

  static String version(int i) {
    return "%d.%d.%d".formatted(1 + i / 1_000, i / 10 % 100, i % 10);
  }

  /** The pattern of a record; empty for none. Slow ones match no serial number, so every check tries all of them. */
  private String pattern(int i, int published) {
    if (isHostile() && i >= published - SLOW_PATTERNS.size()) {
      return SLOW_PATTERNS.get(published - 1 - i);
    }
    return this == SERIALS && i % 5 == 4 ? "SN%02d[0-9]{6}".formatted(i / 5 % PATTERNS) : "";
  }

  /** One of so many records, made of one that was published. */
  Map<String, AttributeValue> item(Map<String, AttributeValue> original, int i, int published) {
    Map<String, AttributeValue> item = new HashMap<>(original);
    item.put("version", AttributeValue.fromS(version(i)));
    item.put("mandatory", AttributeValue.fromBool(this == MANDATORY && i % 10 == 0));
    item.remove("serialregex");
    String pattern = pattern(i, published);
    if (!pattern.isEmpty()) {
      item.put("serialregex", AttributeValue.fromS(pattern));
    }
    return item;
  }

  /** What devices, the same each time, say when they ask; they run any published version. */
  List<String> devices(int count, int published) {
    Random random = new Random(published);
    String rest = this == HOSTILE_TO_LONG ? "0".repeat(246) : "";
    return IntStream.range(0, count)
        .mapToObj(i -> "version=%s&serial=SN%02d%06d%s"
            .formatted(
                version(random.nextInt(published)),
                random.nextInt(PATTERNS),
                random.nextInt(1_000_000),
                rest))
        .toList();
  }
}
