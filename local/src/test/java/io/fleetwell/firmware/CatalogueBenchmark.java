package io.fleetwell.firmware;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.google.re2j.Pattern;
import io.fleetwell.Wiring;
import io.fleetwell.firmware.Firmware.ReleaseNote;
import io.fleetwell.local.LocalSystem;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long a firmware check takes as a product line grows, with its catalogue in memory: first the decision alone, then
 * the whole function, from the bytes of the gateway's event to the bytes of the answer. It is to take no longer than 1.5
 * times as long with 10,000 records as with 10.
 *
 * <p>All take turns in every round. The time is that of the thread on the processor; its median is printed.
 */
public final class CatalogueBenchmark {
  private static final List<Integer> DECISION_SIZES = List.of(10, 1_000, 10_000, 100_000);
  private static final List<Integer> FUNCTION_SIZES = List.of(10, 10_000);
  private static final int ROUNDS = 31;
  private static final int WARM_UP_ROUNDS = 10;

  /** Different devices that ask, a power of two. */
  private static final int DEVICES = 4_096;

  private static final int PATTERNS = 20;

  /** All of their states are reached by any serial number, and there is no room for one more of them. */
  private static final List<Pattern> SLOW_PATTERNS = IntStream.range(0, 4)
      .mapToObj(i -> Pattern.compile("(?:.*a?){149}%c".formatted('b' + i)))
      .toList();

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** What was computed goes here, so that it has to be. */
  static volatile int sink;

  private CatalogueBenchmark() {}

  private enum Variant {
    PLAIN("plain versions"),
    MANDATORY("1 in 10 mandatory"),
    SERIALS("1 in 5 for serial numbers, 20 patterns"),
    HOSTILE("the slowest patterns that are accepted"),
    HOSTILE_TO_LONG("the same, serial numbers of 256 characters");

    private final String words;

    Variant(String words) {
      this.words = words;
    }

    /** The newest records have the slow patterns, which match no serial number, so that every check tries them all. */
    boolean isHostile() {
      return this == HOSTILE || this == HOSTILE_TO_LONG;
    }

    private Optional<Pattern> pattern(int i, int size) {
      if (isHostile() && i >= size - SLOW_PATTERNS.size()) {
        return Optional.of(SLOW_PATTERNS.get(size - 1 - i));
      }
      return this == SERIALS && i % 5 == 4
          ? Optional.of(Pattern.compile("SN%02d[0-9]{6}".formatted(i / 5 % PATTERNS)))
          : Optional.empty();
    }

    Firmware firmware(ProductLine line, int i, int size) {
      return new Firmware(
          line,
          versionOf(i),
          "https://firmware.example.com/smartdevice100/" + i + ".bin",
          pattern(i, size),
          this == MANDATORY && i % 10 == 0,
          false,
          List.of(new ReleaseNote("en", "Presets load faster.")),
          Instant.ofEpochSecond(i));
    }
  }

  /** A device: what it runs, which is anything that was ever published, and its serial number. */
  private record Device(String version, String serial) {
    static List<Device> some(int published, Variant variant) {
      Random random = new Random(published);
      String rest = variant == Variant.HOSTILE_TO_LONG ? "0".repeat(246) : "";
      return IntStream.range(0, DEVICES)
          .mapToObj(i -> new Device(
              versionOf(random.nextInt(published)).toString(),
              "SN%02d%06d".formatted(random.nextInt(PATTERNS), random.nextInt(1_000_000)) + rest))
          .toList();
    }
  }

  private static Version versionOf(int i) {
    return Version.parse("%d.%d.%d".formatted(1 + i / 1_000, i / 10 % 100, i % 10))
        .orElseThrow();
  }

  /**
   * Prints both tables.
   *
   * @param args the project's folder; the one in which this runs, if it is not given
   */
  public static void main(String[] args) throws Exception {
    print("The decision alone", 20_000, subjects(DECISION_SIZES, CatalogueBenchmark::decision));
    Path data = Files.createTempDirectory("fleetwell-bench");
    Path project = Path.of(args.length == 0 ? "." : args[0]).toAbsolutePath();
    var settings = new LocalSystem.Settings(0, data, false, project, Clock.systemUTC(), line -> {});
    try (LocalSystem system = LocalSystem.start(settings);
        Wiring wiring = caching(system)) {
      print(
          "The whole function, warm",
          2_000,
          subjects(FUNCTION_SIZES, (variant, size) -> function(wiring, variant, size)));
    } finally {
      delete(data);
    }
  }

  /** Fewer of what takes longer. */
  private static int batch(Subject subject, int checks) {
    return subject.variant().isHostile() ? Math.max(4, checks / 5_000) : checks;
  }

  private static List<Subject> subjects(
      List<Integer> sizes, BiFunction<Variant, Integer, Check> check) {
    return Arrays.stream(Variant.values())
        .flatMap(variant -> sizes.stream()
            .map(size -> new Subject(variant, size, check.apply(variant, size), new ArrayList<>())))
        .toList();
  }

  private static Wiring caching(LocalSystem system) {
    Map<String, String> environment = new HashMap<>(system.environment());
    environment.put("FIRMWARE_CACHE_SECONDS", "3600");
    return new Wiring(environment, Clock.systemUTC());
  }

  /** Makes one check, for the device of that number. */
  private interface Check {
    int run(int device);
  }

  private static Check decision(Variant variant, int size) {
    ProductLine line = new ProductLine("smartdevice100", "eu");
    FirmwareCatalogue catalogue = FirmwareCatalogue.of(
        IntStream.range(0, size).mapToObj(i -> variant.firmware(line, i, size)).toList());
    List<Device> devices = Device.some(size, variant);
    List<Optional<Version>> installed =
        devices.stream().map(device -> Version.parse(device.version())).toList();
    List<Optional<String>> serials =
        devices.stream().map(device -> Optional.of(device.serial())).toList();
    return device ->
        catalogue.choose(installed.get(device), serials.get(device), false).isPresent() ? 1 : 0;
  }

  private static Check function(Wiring wiring, Variant variant, int size) {
    String type = variant.name() + size;
    ProductLine line = new ProductLine(type, "eu");
    FirmwareStore store = wiring.firmware();
    IntStream.range(0, size)
        .parallel()
        .forEach(i -> store.publish(variant.firmware(line, i, size)));
    List<byte[]> events =
        Device.some(size, variant).stream().map(device -> event(type, device)).toList();
    CheckFirmwareHandler handler = new CheckFirmwareHandler(wiring);
    return device -> {
      try {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        handler.handle(new ByteArrayInputStream(events.get(device)), answer, LINES);
        return answer.size();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /** Takes the line of each call, and no other, since a function logs text only when something goes wrong. */
  private static final LambdaLogger LINES = new LambdaLogger() {
    @Override
    public void log(String message) {
      throw new IllegalStateException(message);
    }

    @Override
    public void log(byte[] line) {
      sink = line.length;
    }
  };

  private static byte[] event(String type, Device device) {
    return """
        {"version":"2.0","routeKey":"GET /v1/devices/firmware","rawPath":"/v1/devices/firmware",
         "rawQueryString":"devicetype=%s&region=eu&version=%s&serial=%s",
         "headers":{"accept":"*/*","host":"a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com","user-agent":"curl/7.88.1"},
         "requestContext":{"requestId":"JKJaXmPLvHcESHA=","authorizer":{"lambda":
           {"kind":"device","id":"DEVICEID1","exp":4102444800}}},"isBase64Encoded":false}
        """.formatted(type, device.version(), device.serial()).getBytes(StandardCharsets.UTF_8);
  }

  /** Catalogues of all kinds and sizes take turns, each with so many checks. */
  private static void print(String title, int checks, List<Subject> subjects) {
    for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      for (Subject subject : subjects) {
        double nanos = nanosPerCheck(subject.check(), batch(subject, checks));
        if (round >= 0) {
          subject.times().add(nanos);
        }
      }
    }
    System.out.printf("%s%n%-40s %10s %10s %8s%n", title, "", "records", "ns/check", "ratio");
    double base = Double.NaN;
    for (Subject subject : subjects) {
      base = subject.size() == 10 ? subject.median() : base;
      System.out.printf(
          "%-40s %,10d %,10.0f %8.2f%n",
          subject.variant().words, subject.size(), subject.median(), subject.median() / base);
    }
  }

  /** A catalogue of some kind and size, and the nanoseconds that a check took in each round. */
  private record Subject(Variant variant, int size, Check check, List<Double> times) {
    double median() {
      double[] sorted = times.stream().mapToDouble(it -> it).sorted().toArray();
      return sorted[sorted.length / 2];
    }
  }

  private static double nanosPerCheck(Check check, int batch) {
    int sum = 0;
    long start = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < batch; i++) {
      sum += check.run(i & (DEVICES - 1));
    }
    long nanos = THREADS.getCurrentThreadCpuTime() - start;
    sink = sum;
    return (double) nanos / batch;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
