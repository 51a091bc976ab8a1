package io.fleetwell.testing.soak;

import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.TestFolders;
import io.fleetwell.testing.UploadsBucket;
import io.fleetwell.testing.soak.SoakClient.Kind;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Calls the local system for some time as a fleet does. Fails at the first unexpected answer, when memory grows, or when an
 * acknowledged write is missing at the end.
 *
 * <p>Memory is the heap in use right after a garbage collection. It includes these clients, which keep some hundred bytes
 * for each upload. It is measured while the clients wait. The first measurement is after a tenth of the time, to exclude
 * what is loaded once.
 */
public final class Soak {
  private static final int CLIENTS = 4;

  /** How often memory is measured. */
  private static final int SAMPLES = 10;

  /** The allowed growth of the heap from the first sample to the smallest of the last three. */
  private static final long MAX_GROWTH_BYTES = 8 << 20;

  private static final long MEBIBYTE = 1 << 20;

  private Soak() {}

  /**
   * Runs in this module's folder.
   *
   * @param args the seconds and, to repeat a run, its seed
   */
  public static void main(String[] args) throws Exception {
    start("Soaking", args, Map.of("UploadsPerDay", "100000"), Soak::run);
  }

  /** What a soak does with a system, for a time and from a seed. */
  interface Run {
    void run(LocalSystem system, Duration time, long seed) throws Exception;
  }

  /** Runs with a system of its own, as {@link #main} says. */
  static void start(String title, String[] args, Map<String, String> parameters, Run run)
      throws Exception {
    Duration time = Duration.ofSeconds(Long.parseLong(args[0]));
    long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
    System.out.println("%s for %d s, seed %d".formatted(title, time.toSeconds(), seed));
    Path data = Files.createTempDirectory("fleetwell-soak");
    try (LocalSystem system = LocalSystem.start(Project.settings(data, parameters))) {
      run.run(system, time, seed);
    } finally {
      TestFolders.delete(data);
    }
  }

  private static void run(LocalSystem system, Duration time, long seed) throws Exception {
    SoakFleet fleet = new SoakFleet(new Api(system));
    List<SoakClient> clients = IntStream.range(0, CLIENTS)
        .mapToObj(number -> new SoakClient(fleet, number, seed))
        .toList();
    List<Long> heap = new ArrayList<>();
    Instant start = Instant.now();
    for (int sample = 1; sample <= SAMPLES; sample++) {
      Instant end = start.plus(time.multipliedBy(sample).dividedBy(SAMPLES));
      inParallel(clients, client -> client.callUntil(end));
      heap.add(heapInUse());
    }
    Duration taken = Duration.between(start, Instant.now());
    inParallel(clients, SoakClient::sweep);
    try (UploadsBucket bucket = new UploadsBucket(system)) {
      fleet.sweep(clients, bucket);
    }
    System.out.println(summary(clients, taken, heap));
    requireFlat(heap);
  }

  /** What each client does in its own thread. */
  interface Step {
    void take(SoakClient client);
  }

  /** Throws the exception of the first step that fails. */
  static void inParallel(List<SoakClient> clients, Step step) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients.size());
    try {
      List<Callable<Void>> calls = clients.stream()
          .<Callable<Void>>map(client -> () -> {
            step.take(client);
            return null;
          })
          .toList();
      for (Future<Void> done : threads.invokeAll(calls)) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void requireFlat(List<Long> heap) {
    long least =
        heap.subList(SAMPLES - 3, SAMPLES).stream().mapToLong(it -> it).min().orElseThrow();
    if (least - heap.get(0) > MAX_GROWTH_BYTES) {
      throw new AssertionError("The heap grew by more than %d MiB: %s MiB"
          .formatted(MAX_GROWTH_BYTES / MEBIBYTE, mebibytes(heap)));
    }
  }

  private static String summary(List<SoakClient> clients, Duration taken, List<Long> heap) {
    Map<Kind, Integer> calls = SoakClient.callsOf(clients);
    int all = calls.values().stream().mapToInt(it -> it).sum();
    return "Soaked for %d s: %,d requests (%s), no error, %d a second; no acknowledged write is lost; heap %s MiB"
        .formatted(
            taken.toSeconds(),
            all,
            calls.entrySet().stream()
                .map(it -> "%,d %s".formatted(it.getValue(), it.getKey().words()))
                .collect(Collectors.joining(", ")),
            all * 1_000L / taken.toMillis(),
            mebibytes(heap));
  }

  private static String mebibytes(List<Long> heap) {
    return heap.stream().map(it -> String.valueOf(it / MEBIBYTE)).collect(Collectors.joining(" "));
  }
}
