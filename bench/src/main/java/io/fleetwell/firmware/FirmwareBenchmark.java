package io.fleetwell.firmware;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Which firmware, and the order of versions. */
@State(Scope.Benchmark)
public class FirmwareBenchmark {
  private static final ProductLine LINE = new ProductLine("SmartDevice100", "eu");
  private static final int PATTERNS = 20;

  private final FirmwareCatalogue catalogue = FirmwareCatalogue.of(
      IntStream.range(0, 1_000).mapToObj(FirmwareBenchmark::firmware).toList());
  private final Optional<Version> installed = Version.parse("1.49.7");
  private final Optional<String> serial = Optional.of("SN07123456");
  private final Version older = Version.parse("2.11.0-rc1").orElseThrow();
  private final Version newer = Version.parse("2.11.0").orElseThrow();

  /** One in ten is mandatory, one in five for serial numbers. */
  private static Firmware firmware(int i) {
    Optional<SerialPattern> serials = i % 5 == 4
        ? Optional.of(SerialPattern.compile("SN%02d[0-9]{6}".formatted(i / 5 % PATTERNS)))
        : Optional.empty();
    return new Firmware(
        LINE,
        Version.parse("1.%d.%d".formatted(i / 10, i % 10)).orElseThrow(),
        "https://firmware.example.com/smartdevice100/%d.bin".formatted(i),
        serials,
        i % 10 == 0,
        false,
        List.of(),
        Instant.ofEpochSecond(i));
  }

  /** Of 1,000 records. */
  @Benchmark
  public Optional<Firmware> whichFirmware() {
    return catalogue.choose(installed, serial, false);
  }

  @Benchmark
  public int versionOrder() {
    return older.compareTo(newer);
  }

  @Benchmark
  public Optional<Version> readingAVersion() {
    return Version.parse("v2.11.0-rc1");
  }
}
