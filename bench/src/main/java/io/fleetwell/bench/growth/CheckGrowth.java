package io.fleetwell.bench.growth;

import io.fleetwell.Wiring;
import io.fleetwell.bench.Figure;
import io.fleetwell.bench.Table;
import io.fleetwell.bench.Table.Row;
import io.fleetwell.bench.calls.Event;
import io.fleetwell.bench.calls.Function;
import io.fleetwell.bench.calls.LocalFunctions;
import io.fleetwell.bench.growth.PlayedFirmwareTable.Line;
import io.fleetwell.bench.growth.PublishedFirmware.Device;
import io.fleetwell.firmware.CheckFirmwareHandler;
import io.fleetwell.firmware.FirmwareCatalogue;
import io.fleetwell.firmware.ProductLine;
import io.fleetwell.firmware.Version;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Firmware checks with the catalogue in memory, as a product line grows. */
final class CheckGrowth {
  private static final List<Integer> SIZES = List.of(10, 1_000, 100_000);

  /** Different devices that ask. */
  private static final int DEVICES = 1_000;

  /** Fewer of what takes a hundred times as long, and more. */
  private static final int HOSTILE_CHECKS = 4;

  /** What was chosen goes here, so that it has to be. */
  private static volatile Object chosen = "";

  private CheckGrowth() {}

  /** The choice alone, without an event and an answer. */
  static Table choice(int rounds) throws Exception {
    return compared(
        "growth-choice", "The choice alone, of so many records", CheckGrowth::choosing, rounds);
  }

  /** The whole function, and what the first check took, which reads the line. */
  static List<Table> checks(int rounds) throws Exception {
    try (LocalFunctions system = new LocalFunctions();
        PlayedFirmwareTable table = new PlayedFirmwareTable();
        Wiring wiring = wiring(system, table)) {
      List<Row> firsts = new ArrayList<>();
      Table warm = compared(
          "growth-check",
          "A check, of so many records",
          (published, size) -> checking(wiring, table, published, size, firsts),
          rounds);
      Table first = new Table(
          "growth-first-check",
          List.of("The first check, which reads the line, of so many records", "ms"),
          firsts);
      return List.of(warm, first);
    }
  }

  private static Wiring wiring(LocalFunctions system, PlayedFirmwareTable table) {
    Map<String, String> environment = new HashMap<>(system.environment());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", table.endpoint().toString());
    environment.put("FIRMWARE_CACHE_SECONDS", "3600");
    return new Wiring(environment, Clock.systemUTC());
  }

  private interface Preparation {
    Subject.Call prepare(PublishedFirmware published, int size) throws Exception;
  }

  private static Table compared(String name, String first, Preparation preparation, int rounds)
      throws Exception {
    List<List<Subject>> kinds = new ArrayList<>();
    for (PublishedFirmware published : PublishedFirmware.values()) {
      List<Subject> sizes = new ArrayList<>();
      for (int size : sizes(published)) {
        sizes.add(new Subject(
            String.format(Locale.ROOT, "%s, %,d", published.words(), size),
            published.isHostile() ? HOSTILE_CHECKS : DEVICES,
            preparation.prepare(published, size)));
      }
      kinds.add(sizes);
    }
    Subject.takeTurns(kinds.stream().flatMap(List::stream).toList(), rounds);
    return new Table(
        name,
        Stream.concat(Stream.of(first), Subject.COLUMNS.stream()).toList(),
        kinds.stream()
            .flatMap(sizes -> sizes.stream().map(subject -> subject.row(sizes.get(0))))
            .toList());
  }

  /** What the slowest patterns take has nothing to do with what else there is. */
  private static List<Integer> sizes(PublishedFirmware published) {
    return published.isHostile() ? SIZES.subList(0, 2) : SIZES;
  }

  private static Subject.Call choosing(PublishedFirmware published, int size) {
    ProductLine line = new ProductLine("SmartDevice100", "eu");
    FirmwareCatalogue catalogue = FirmwareCatalogue.of(IntStream.range(0, size)
        .mapToObj(i -> published.firmware(line, i, size))
        .toList());
    List<Device> devices = published.devices(DEVICES, size);
    List<Optional<Version>> installed =
        devices.stream().map(device -> Version.parse(device.version())).toList();
    List<Optional<String>> serials =
        devices.stream().map(device -> Optional.of(device.serial())).toList();
    return number -> chosen = catalogue.choose(installed.get(number), serials.get(number), false);
  }

  private static Subject.Call checking(
      Wiring wiring,
      PlayedFirmwareTable table,
      PublishedFirmware published,
      int size,
      List<Row> firsts)
      throws Exception {
    String type = published.name() + size;
    publish(wiring, table, published, new ProductLine(type, "eu"), size);
    Function check = new Function(new CheckFirmwareHandler(wiring));
    List<byte[]> events = new ArrayList<>();
    for (Device device : published.devices(DEVICES, size)) {
      events.add(Event.of("CheckFirmware")
          .query("devicetype=%s&region=eu&version=%s&serial=%s"
              .formatted(type, device.version(), device.serial()))
          .bytes());
    }
    long start = System.nanoTime();
    chosen = check.call(events.get(0));
    double millis = (System.nanoTime() - start) / 1e6;
    if (published == PublishedFirmware.PLAIN) {
      firsts.add(Row.of(String.format(Locale.ROOT, "%,d", size), Figure.exactly(millis)));
    }
    return number -> chosen = check.call(events.get(number));
  }

  private static void publish(
      Wiring wiring,
      PlayedFirmwareTable table,
      PublishedFirmware published,
      ProductLine line,
      int size) {
    if (!wiring.firmware().publish(published.firmware(line, 0, size))) {
      throw new IllegalStateException("there is such firmware already");
    }
    table.fill(line.deviceType() + "\t" + line.region(), new Line(published, size));
  }
}
