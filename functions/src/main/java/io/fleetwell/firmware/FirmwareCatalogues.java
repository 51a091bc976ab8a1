package io.fleetwell.firmware;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The catalogues that were read lately, so that most checks read nothing. A change shows when what was read has become
 * too old. Only so many are kept, since whoever asks chooses the device type.
 */
final class FirmwareCatalogues {
  private static final int MAX_KEPT = 64;

  private final FirmwareStore store;
  private final Duration maxAge;
  private final Clock clock;
  private final Map<ProductLine, Read> kept = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<ProductLine, Read> eldest) {
      return size() > MAX_KEPT;
    }
  };

  private record Read(FirmwareCatalogue catalogue, Instant at) {}

  FirmwareCatalogues(FirmwareStore store, Duration maxAge, Clock clock) {
    this.store = store;
    this.maxAge = maxAge;
    this.clock = clock;
  }

  /** What there is for devices of one type in one region, firmware for every region included. */
  FirmwareCatalogue get(ProductLine line) {
    Instant now = clock.instant();
    Read read = lookUp(line);
    if (read != null && now.isBefore(read.at().plus(maxAge))) {
      return read.catalogue();
    }
    FirmwareCatalogue catalogue = FirmwareCatalogue.of(load(line));
    keep(line, new Read(catalogue, now));
    return catalogue;
  }

  private List<Firmware> load(ProductLine line) {
    List<Firmware> published = new ArrayList<>(store.line(line));
    if (!line.region().equals(ProductLine.EVERY_REGION)) {
      published.addAll(store.line(new ProductLine(line.deviceType(), ProductLine.EVERY_REGION)));
    }
    return published;
  }

  private synchronized @Nullable Read lookUp(ProductLine line) {
    return kept.get(line);
  }

  private synchronized void keep(ProductLine line, Read read) {
    kept.put(line, read);
  }
}
