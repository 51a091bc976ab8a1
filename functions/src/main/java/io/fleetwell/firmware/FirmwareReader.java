package io.fleetwell.firmware;

import io.fleetwell.paging.Page;
import java.util.List;
import java.util.Optional;

/**
 * Reads published firmware. An outage is {@link io.fleetwell.failure.FailureKind#UNAVAILABLE}; it never looks like missing
 * firmware.
 */
public interface FirmwareReader {
  /**
   * All firmware of one product line, in no order. Every acknowledged change shows. Of what earlier releases stored, it has
   * what {@link ProductLine#stored} covers.
   */
  List<Firmware> line(ProductLine line);

  /**
   * Lists firmware in the order of device type, region and time of publication. The list comes from an index, which may be
   * a moment behind. It does not select by {@code serial-regex}.
   *
   * @param after the position after which the page starts
   */
  Page<Firmware> list(FirmwareSelection selection, Optional<CataloguePosition> after, int limit);
}
