package io.fleetwell.firmware;

import io.fleetwell.paging.Page;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Counts what environments read of the table of firmware to keep their catalogues fresh. Each has the function's own
 * cache, over a store that counts.
 */
public final class CatalogueReads {
  private final List<ProductLine> lines = new ArrayList<>();
  private final Duration maxAge;
  private final RandomGenerator random;
  private final List<FirmwareCatalogueCache> environments = new ArrayList<>();
  private final Counter counter = new Counter();
  private Instant now = Instant.EPOCH;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

  /** Holds no firmware, and counts how often each line is read. */
  private static final class Counter implements FirmwareStore {
    private final Map<ProductLine, Integer> reads = new HashMap<>();

    @Override
    public List<Firmware> line(ProductLine line) {
      reads.merge(line, 1, Integer::sum);
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
    public Page<Firmware> list(Filter filter, Optional<String> after, int limit) {
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
    this.maxAge = Duration.ofSeconds(maxAgeSeconds);
    this.random = random;
  }

  /**
   * A second, whose checks are spread over environments and lines.
   *
   * @param checks of each environment on average
   * @return how often each of the lines that were read was read
   */
  public IntSummaryStatistics pass(int second, double checks, int count) {
    now = Instant.ofEpochSecond(second);
    counter.reads.clear();
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
    return counter.reads.values().stream().mapToInt(Integer::intValue).summaryStatistics();
  }
}
