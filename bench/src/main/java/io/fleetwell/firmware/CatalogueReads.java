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
 * Counts the reads of the firmware table by which environments keep their catalogues fresh. Each environment has the
 * function's real cache, which reads a table that only counts.
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
   * The reads of all environments in one second.
   *
   * @param lines the number of product lines that were read, each under every key under which it may be stored
   * @param hottest the mean number of reads of a line for every region; devices of all regions need such a line
   */
  public record Reads(int lines, double hottest) {}

  /** Creates product lines for this number of device types, each in this number of regions. */
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
   * Simulates one second. Its checks are spread at random over environments and lines.
   *
   * @param checks the mean number of checks in an environment
   * @param count the number of environments
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

  /** Counts a read of the table, which is empty. */
  private List<Firmware> read(ProductLine line) {
    reads += line.stored().size();
    readsOfEveryRegion += line.region().equals(ProductLine.EVERY_REGION) ? 1 : 0;
    return List.of();
  }
}
