package io.fleetwell.firmware;

import io.fleetwell.paging.Page;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what firmware is published. A store that cannot be reached fails with {@link
 * io.fleetwell.failure.FailureKind#UNAVAILABLE}; it never passes for an absence.
 */
public interface FirmwareStore {

  /**
   * Keeps a firmware, unless one with the same id is kept already.
   *
   * @return whether it was kept now; true also when the answer to a first try was lost
   */
  boolean publish(Firmware firmware);

  /** Removes a firmware; nothing happens if there is none with the id. */
  void withdraw(FirmwareId id);

  /** All firmware of one product line, in no order: all that was acknowledged before. */
  List<Firmware> line(ProductLine line);

  /**
   * Firmware in the order of device type, region and time of publication. It comes from an index, which may be a moment
   * late.
   *
   * @param after the {@link #position} that the page comes after
   */
  Page<Firmware> list(Filter filter, Optional<String> after, int limit);

  /** The place of a firmware in the list, by which a next page goes on. */
  String position(Firmware firmware);

  /** What to list; what is empty makes no difference. A region is meant to the letter. */
  record Filter(
      Optional<String> deviceType,
      Optional<String> region,
      Optional<Version> version,
      Optional<Boolean> test) {}
}
