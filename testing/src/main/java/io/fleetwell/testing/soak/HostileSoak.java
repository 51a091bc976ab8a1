package io.fleetwell.testing.soak;

import static io.fleetwell.testing.soak.SoakFleet.requireEqual;

import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.StoredItems;
import io.fleetwell.testing.StoredItems.Size;
import io.fleetwell.testing.UploadsBucket;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/**
 * Lets one account do its worst beside a normal fleet. In every other window, an honest client makes calls in the place of
 * the hostile account, so the durations of the fleet's own calls can be compared.
 *
 * <p>Fails if another caller gets an unexpected answer, if a function logs an error, or if the account leaves more items
 * than its limits allow.
 */
public final class HostileSoak {
  private static final int CLIENTS = 3;
  private static final int WINDOWS = 10;
  private static final int MAX_DEVICES = 100;
  private static final int UPLOADS_A_DAY = 2_000;

  /**
   * The most items of the account, by the variable with the table's name. A claim and its release are two entries of a
   * history; a claim that is refused has an entry and an item of the day.
   */
  private static final Map<String, Integer> MAX_ITEMS = Map.of(
      "DEVICES_TABLE", MAX_DEVICES,
      "USER_DEVICES_TABLE", MAX_DEVICES + 1,
      "HISTORY_TABLE", 2_001,
      "CLAIM_ATTEMPTS_TABLE", 1_021,
      "UPLOAD_COUNTS_TABLE", UPLOADS_A_DAY + 1,
      "DEVICE_KEYS_TABLE", 0,
      "FIRMWARE_TABLE", 0);

  private HostileSoak() {}

  /**
   * Runs in this module's folder.
   *
   * @param args the seconds and, to repeat a run, its seed
   */
  public static void main(String[] args) throws Exception {
    Map<String, String> parameters = Map.of(
        "UploadsPerDay", String.valueOf(UPLOADS_A_DAY),
        "MaxDevicesPerUser", String.valueOf(MAX_DEVICES));
    Soak.start("A hostile account", args, parameters, HostileSoak::run);
  }

  private static void run(LocalSystem system, Duration time, long seed) throws Exception {
    SoakFleet fleet = new SoakFleet(new Api(system));
    List<SoakClient> clients = IntStream.range(0, CLIENTS)
        .mapToObj(number -> new SoakClient(fleet, number, seed))
        .toList();
    SoakClient honest = new SoakClient(fleet, CLIENTS, seed);
    HostileClient hostile = new HostileClient(fleet, seed);
    List<Duration> besideHonest = new ArrayList<>();
    List<Duration> besideHostile = new ArrayList<>();
    Instant start = Instant.now();
    for (int window = 1; window <= WINDOWS; window++) {
      Instant end = start.plus(time.multipliedBy(window).dividedBy(WINDOWS));
      boolean isHostile = window % 2 == 0;
      FutureTask<Void> beside = isHostile
          ? new FutureTask<>(() -> hostile.callUntil(end), null)
          : new FutureTask<>(() -> honest.callUntil(end), null);
      new Thread(beside).start();
      Soak.inParallel(clients, client -> client.callUntil(end));
      beside.get();
      List<Duration> durations = isHostile ? besideHostile : besideHonest;
      clients.forEach(client -> durations.addAll(client.takeDurations()));
    }
    Soak.inParallel(clients, SoakClient::sweep);
    System.out.println("Answers to the hostile account, by status: " + hostile.statuses());
    System.out.println("Calls of the fleet beside an honest client: " + described(besideHonest));
    System.out.println("Calls of the fleet beside the hostile one:  " + described(besideHostile));
    requireLimits(system);
    requireNoAlarm(system);
  }

  private static String described(List<Duration> durations) {
    List<Duration> sorted = durations.stream().sorted().toList();
    return "%,d, median %.1f ms, 99th percentile %.1f ms"
        .formatted(sorted.size(), milliseconds(sorted, 0.5), milliseconds(sorted, 0.99));
  }

  private static double milliseconds(List<Duration> sorted, double share) {
    return sorted.get((int) (sorted.size() * share)).toNanos() / 1e6;
  }

  private static void requireLimits(LocalSystem system) {
    StoredItems items = new StoredItems(system);
    new TreeMap<>(MAX_ITEMS).forEach((table, max) -> {
      Size size = items.containing(table, HostileClient.PREFIX);
      System.out.println("%s: %,d items, %,d bytes".formatted(table, size.items(), size.bytes()));
      require(size.items() <= max, table + " has more than %d items".formatted(max));
    });
    try (UploadsBucket bucket = new UploadsBucket(system)) {
      long uploads = bucket.keys("logs/" + HostileClient.PREFIX).size();
      System.out.println("Files of the account's devices: " + uploads);
      require(uploads <= UPLOADS_A_DAY, "more files than a day allows");
    }
  }

  /** A function logs its faults and the outages of stores as errors; the alarms count these. */
  private static void requireNoAlarm(LocalSystem system) throws IOException {
    Map<String, Integer> levels = new TreeMap<>();
    for (String line : Files.readAllLines(system.functionLogs())) {
      levels.merge(Api.JSON.readTree(line).path("level").asText(), 1, Integer::sum);
    }
    System.out.println("Lines of the functions, by level: " + levels);
    requireEqual("Lines of errors", 0, levels.getOrDefault("ERROR", 0));
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new AssertionError(fault);
    }
  }
}
