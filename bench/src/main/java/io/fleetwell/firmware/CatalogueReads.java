package io.fleetwell.firmware;

import io.fleetwell.paging.Page;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Counts what environments read of the table of firmware to keep their catalogues fresh. Each has the function's own
 * cache, over a store that counts.
 */
public final class CatalogueReads {
  private final int types;
  private final List<ProductLine> lines = new ArrayList<>();
  private final Duration maxAge;
  private final RandomGenerator random;
  private final List<FirmwareCatalogueCache> environments = new ArrayList<>();
  private final Counter counter = new Counter();
  private Instant now = Instant.EPOCH;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

  /**
   * What environments read in a second.
   *
   * @param lines how many lines
   * @param hottest how often one of the lines for every region, of which all environments read each
   */
  public record Reads(int lines, double hottest) {}

  /** Holds no firmware, and counts how many lines are read, and how many of them are for every region. */
  private static final class Counter implements FirmwareStore {
    private int all;
    private int everyRegion;

    @Override
    public List<Firmware> line(ProductLine line) {
      all++;
      everyRegion += line.region().equals(ProductLine.EVERY_REGION) ? 1 : 0;
      return List.of();
    }

    @Override
    public boolean publish(Firmware firmware) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void withdraw(FirmwareId id) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Page<Firmware> list(FirmwareSelection selection, Optional<String> after, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String position(Firmware firmware) {
      throw new UnsupportedOperationException();
    }
  }

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
    counter.all = 0;
    counter.everyRegion = 0;
    while (environments.size() > count) {
      environments.remove(environments.size() - 1);
    }
    while (environments.size() < count) {
      environments.add(new FirmwareCatalogueCache(counter, maxAge, clock, () -> random));
    }
    double asked = -Math.expm1(-checks / lines.size());
    for (FirmwareCatalogueCache environment : environments) {
      for (ProductLine line : lines) {
        if (random.nextDouble() < asked) {
          environment.get(line);
        }
      }
    }
    return new Reads(counter.all, (double) counter.everyRegion / types);
  }
}
