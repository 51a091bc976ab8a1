package io.fleetwell.firmware;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Counts what environments read of the table of firmware to keep their catalogues fresh. Each has the function's own
 * cache, over a table that counts.
 */
public final class CatalogueReads {
  private final int types;
  private final List<ProductLine> lines = new ArrayList<>();
  private final Duration maxAge;
  private final RandomGenerator random;
  private final List<FirmwareCatalogueCache> environments = new ArrayList<>();
  private int reads;
  private int readsOfEveryRegion;
  private Instant now = Instant.EPOCH;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

  /**
   * What environments read in a second.
   *
   * @param lines how many lines
   * @param hottest how often one of the lines for every region, of which all environments read each
   */
  public record Reads(int lines, double hottest) {}

  /** Of so many types of devices, each in so many regions. */
  public CatalogueReads(int types, int regions, int maxAgeSeconds, RandomGenerator random) {
    for (int type = 0; type < types; type++) {
      for (int region = 0; region < regions; region++) {
        lines.add(new ProductLine("type" + type, "region" + region));
      }
    }
    this.types = types;
    this.maxAge = Duration.ofSeconds(maxAgeSeconds);
    this.random = random;
  }

  /**
   * A second, whose checks are spread over environments and lines.
   *
   * @param checks of each environment on average
   */
  public Reads pass(int second, double checks, int count) {
    now = Instant.ofEpochSecond(second);
    reads = 0;
    readsOfEveryRegion = 0;
    while (environments.size() > count) {
      environments.remove(environments.size() - 1);
    }
    while (environments.size() < count) {
      environments.add(new FirmwareCatalogueCache(this::read, maxAge, clock, () -> random));
    }
    double asked = -Math.expm1(-checks / lines.size());
    for (FirmwareCatalogueCache environment : environments) {
      for (ProductLine line : lines) {
        if (random.nextDouble() < asked) {
          environment.get(line);
        }
      }
    }
    return new Reads(reads, (double) readsOfEveryRegion / types);
  }

  /** A read of the table, which holds no firmware. */
  private List<Firmware> read(ProductLine line) {
    reads++;
    readsOfEveryRegion += line.region().equals(ProductLine.EVERY_REGION) ? 1 : 0;
    return List.of();
  }
}
