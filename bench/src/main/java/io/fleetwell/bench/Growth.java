package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.testing.journey.RecordedEvents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Measures checks, with the catalogue in memory, as a product line grows; and lists, as a user has more devices. */
final class Growth {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FIRMWARE = "FIRMWARE_TABLE";
  private static final String DEVICES = "DEVICES_TABLE";
  private static final String USER_DEVICES = "USER_DEVICES_TABLE";
  private static final int FEW_RECORDS = 10;
  private static final int MANY_RECORDS = 100_000;

  /** Enough to show that slow patterns take the same. */
  private static final int MANY_HOSTILE_RECORDS = 1_000;

  /** Different devices that ask. */
  private static final int CHECKS = 1_000;

  /** Checks with slow patterns take a hundred times as long, and more. */
  private static final int HOSTILE_CHECKS = 4;

  private static final int LISTS = 20;

  private final MeasuredSystem system;
  private final Copies copies;
  private final DirectFunction check;
  private final DirectFunction list;
  private final List<String> firstChecks = new ArrayList<>();

  private Growth(MeasuredSystem system, Copies copies) {
    this.system = system;
    this.copies = copies;
    this.check = system.function("CheckFirmware");
    this.list = system.function("ListDevices");
  }

  static List<Table> measure(int rounds) throws Exception {
    try (MeasuredSystem system = MeasuredSystem.startInOneProcess();
        Copies copies = new Copies(system)) {
      Growth growth = new Growth(system, copies);
      List<List<String>> checks = new ArrayList<>();
      for (PublishedFirmware published : PublishedFirmware.values()) {
        int many = published.isHostile() ? MANY_HOSTILE_RECORDS : MANY_RECORDS;
        List<Compared> both =
            List.of(growth.checks(published, FEW_RECORDS), growth.checks(published, many));
        checks.addAll(Compared.inTurns(both, rounds));
      }
      String conditions = "functions and stores in one process, JDK %s, %d rounds"
          .formatted(System.getProperty("java.version"), rounds);
      return List.of(
          new Table(
              "growth-check",
              conditions
                  + "; the first check of each 100,000 records, which reads them, took "
                  + String.join(", ", growth.firstChecks)
                  + " ms",
              "A check, of so many records" + Compared.COLUMNS,
              checks),
          new Table(
              "growth-list",
              conditions,
              "A page of 50, of a user with so many devices" + Compared.COLUMNS,
              Compared.inTurns(growth.lists(), rounds)));
    }
  }

  private Compared checks(PublishedFirmware published, int size) throws IOException {
    String name = "%s-%d-".formatted(published, size);
    system.function("PublishFirmware").succeed(RecordedEvents.event("PublishFirmware", name));
    Map<String, AttributeValue> original = copies.item(FIRMWARE, "line", name + "100\tdk", 0);
    copies.write(FIRMWARE, size, i -> published.item(original, i, size));

    List<byte[]> events = new ArrayList<>();
    for (String device : published.devices(CHECKS, size)) {
      String recorded = "version=122&serial=%sNUMBER1".formatted(name);
      events.add(MeasuredCall.edited("CheckFirmware", name, recorded, device));
    }
    long start = System.nanoTime();
    check.call(events.get(0));
    double millis = (System.nanoTime() - start) / 1e6;
    if (size == MANY_RECORDS) {
      firstChecks.add(Figure.exactly(millis));
    }
    return new Compared(
        published.words() + ", " + words(size),
        published.isHostile() ? HOSTILE_CHECKS : CHECKS,
        check,
        events::get);
  }

  private List<Compared> lists() throws IOException {
    return List.of(list(50), list(1_000), list(10_000), pageAfter(10_000, 5_000), list(10));
  }

  private Compared list(int devices) throws IOException {
    String user = "user-" + devices;
    system.function("RegisterDevice").succeed(RecordedEvents.event("RegisterDevice", user));
    copy(DEVICES, copies.item(DEVICES, "deviceid", user + "1", 0), user, devices);
    // The first item of a user is a count.
    copy(USER_DEVICES, copies.item(USER_DEVICES, "userid", user, 1), user, devices);
    byte[] event = listing(user, "limit=50");
    if (page(event).path("devices").size() != Math.min(devices, 50)) {
      throw new IllegalStateException("not all devices are there");
    }
    return new Compared(words(devices), LISTS, list, number -> event);
  }

  private void copy(String table, Map<String, AttributeValue> item, String user, int devices) {
    copies.write(table, devices - 1, i -> {
      Map<String, AttributeValue> copy = new HashMap<>(item);
      copy.put("deviceid", AttributeValue.fromS("%s-%07d".formatted(user, i)));
      return copy;
    });
  }

  /** The page after so many devices, as a caller gets there. */
  private Compared pageAfter(int devices, int skipped) throws IOException {
    byte[] event = listing("user-" + devices, "limit=50");
    for (int seen = 0; seen < skipped; seen += 50) {
      String cursor = page(event).path("next").textValue();
      event = listing("user-" + devices, "limit=50&cursor=" + cursor);
    }
    byte[] last = event;
    String name = "%s, after the first %s".formatted(words(devices), words(skipped));
    return new Compared(name, LISTS, list, number -> last);
  }

  private static byte[] listing(String user, String query) throws IOException {
    return MeasuredCall.edited("ListDevices", user, "limit=20", query);
  }

  private JsonNode page(byte[] event) throws IOException {
    return JSON.readTree(list.succeed(event).path("body").textValue());
  }

  private static String words(int count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
