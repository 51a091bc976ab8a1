package io.fleetwell.firmware;

import io.fleetwell.aws.Aws;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Caches catalogues, so that most checks read nothing. A change shows when the cached catalogue expires. The number of
 * catalogues is limited, because callers choose the device type.
 *
 * <p>Firmware for every region is read once for all regions of a device type, because every environment reads that one
 * key of the table. Lifetimes are random, between half of the maximum and all of it. Otherwise environments that start
 * together, as after an outage, would always read together.
 *
 * <p>The reads are consistent, although eventually consistent ones cost half: with {@code FirmwareCacheSeconds} 0, a
 * release shows at once.
 */
final class FirmwareCatalogueCache {
  private static final int MAX_CATALOGUES = 64;

  private final Function<ProductLine, List<Firmware>> store;
  private final Duration maxAge;
  private final Clock clock;
  private final Supplier<? extends RandomGenerator> generator;
  private final Map<ProductLine, Cached> complete = recent(MAX_CATALOGUES);

  /** The parts of complete catalogues: each line by itself, and the line for every region. */
  private final Map<ProductLine, Cached> read = recent(2 * MAX_CATALOGUES);

  /** A catalogue, and when it expires. */
  private record Cached(FirmwareCatalogue catalogue, Instant expires) {
    Cached and(Cached other) {
      return new Cached(
          catalogue.and(other.catalogue),
          expires.isBefore(other.expires) ? expires : other.expires);
    }
  }

  /**
   * A cache without catalogues.
   *
   * @param store reads all firmware of one line: {@link FirmwareReader#line}
   * @param generator makes what draws a lifetime
   */
  FirmwareCatalogueCache(
      Function<ProductLine, List<Firmware>> store,
      Duration maxAge,
      Clock clock,
      Supplier<? extends RandomGenerator> generator) {
    this.store = store;
    this.maxAge = maxAge;
    this.clock = clock;
    this.generator = generator;
  }

  static FirmwareCatalogueCache from(Aws aws) {
    // Each draw makes its own generator: all environments that start from one snapshot would draw
    // the same values from a generator that it holds.
    return new FirmwareCatalogueCache(
        DynamoDbFirmwareReader.from(aws)::line,
        Duration.ofSeconds(aws.environment().number("FIRMWARE_CACHE_SECONDS")),
        aws.clock(),
        SecureRandom::new);
  }

  /** Returns the catalogue for devices of one type in one region, with the firmware for every region. */
  FirmwareCatalogue get(ProductLine line) {
    return getOrLoad(complete, line, this::complete).catalogue();
  }

  private Cached complete(ProductLine line) {
    Cached ofLine = getOrLoad(read, line, this::read);
    return line.region().equals(ProductLine.EVERY_REGION)
        ? ofLine
        : ofLine.and(getOrLoad(
            read, new ProductLine(line.deviceType(), ProductLine.EVERY_REGION), this::read));
  }

  private Cached read(ProductLine line) {
    Instant now = clock.instant();
    return new Cached(FirmwareCatalogue.of(store.apply(line)), now.plus(lifetime()));
  }

  private Cached getOrLoad(
      Map<ProductLine, Cached> cache, ProductLine line, Function<ProductLine, Cached> load) {
    @Nullable Cached cached = cache.get(line);
    if (cached != null && clock.instant().isBefore(cached.expires())) {
      return cached;
    }
    Cached loaded = load.apply(line);
    cache.put(line, loaded);
    return loaded;
  }

  private Duration lifetime() {
    long shortest = maxAge.toMillis() / 2;
    return Duration.ofMillis(maxAge.toMillis() - generator.get().nextLong(shortest + 1));
  }

  /** A map that keeps only the most recently used catalogues. */
  private static Map<ProductLine, Cached> recent(int max) {
    return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<ProductLine, Cached> eldest) {
        return size() > max;
      }
    });
  }
}
