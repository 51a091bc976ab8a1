package io.fleetwell.firmware;

import io.fleetwell.aws.Aws;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The catalogues that were read lately, so that most checks read nothing. A change shows when what was read has become
 * too old. Only so many are kept, since whoever asks chooses the device type.
 *
 * <p>What is published for every region is read once for all regions of a device type: it is under one key of the table,
 * which every environment reads. And what was read is good for a random time between half of the longest and all of it:
 * environments that start together, as after an outage, would otherwise read together for ever after.
 */
final class FirmwareCatalogueCache {
  private static final int MAX_KEPT = 64;

  private final FirmwareStore store;
  private final Duration maxAge;
  private final Clock clock;
  private final Supplier<? extends RandomGenerator> generator;
  private final Map<ProductLine, Kept> complete = recent(MAX_KEPT);

  /** Of each that is complete, the line by itself and that for every region. */
  private final Map<ProductLine, Kept> read = recent(2 * MAX_KEPT);

  /** A catalogue, and until when it will do. */
  private record Kept(FirmwareCatalogue catalogue, Instant until) {
    Kept and(Kept other) {
      return new Kept(
          catalogue.and(other.catalogue), until.isBefore(other.until) ? until : other.until);
    }
  }

  FirmwareCatalogueCache(
      FirmwareStore store,
      Duration maxAge,
      Clock clock,
      Supplier<? extends RandomGenerator> generator) {
    this.store = store;
    this.maxAge = maxAge;
    this.clock = clock;
    this.generator = generator;
  }

  static FirmwareCatalogueCache from(Aws aws) {
    // The generator is made when it is needed: all that start from one snapshot would draw the same
    // from one that it holds.
    return new FirmwareCatalogueCache(
        DynamoDbFirmwareStore.from(aws),
        Duration.ofSeconds(aws.environment().number("FIRMWARE_CACHE_SECONDS")),
        aws.clock(),
        SecureRandom::new);
  }

  /** What there is for devices of one type in one region, firmware for every region included. */
  FirmwareCatalogue get(ProductLine line) {
    return fresh(complete, line, this::complete).catalogue();
  }

  private Kept complete(ProductLine line) {
    Kept ofLine = fresh(read, line, this::read);
    return line.region().equals(ProductLine.EVERY_REGION)
        ? ofLine
        : ofLine.and(
            fresh(read, new ProductLine(line.deviceType(), ProductLine.EVERY_REGION), this::read));
  }

  private Kept read(ProductLine line) {
    Instant now = clock.instant();
    return new Kept(FirmwareCatalogue.of(store.line(line)), now.plus(lifetime()));
  }

  private Kept fresh(
      Map<ProductLine, Kept> kept, ProductLine line, Function<ProductLine, Kept> anew) {
    @Nullable Kept before = kept.get(line);
    if (before != null && clock.instant().isBefore(before.until())) {
      return before;
    }
    Kept now = anew.apply(line);
    kept.put(line, now);
    return now;
  }

  private Duration lifetime() {
    long shortest = maxAge.toMillis() / 2;
    return Duration.ofMillis(maxAge.toMillis() - generator.get().nextLong(shortest + 1));
  }

  /** The catalogues that were asked for most recently, so many at most. */
  private static Map<ProductLine, Kept> recent(int most) {
    return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<ProductLine, Kept> eldest) {
        return size() > most;
      }
    });
  }
}
