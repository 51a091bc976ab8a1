package io.fleetwell.device;

import io.fleetwell.ids.DeviceIds;
import io.fleetwell.paging.Position;
import java.util.Optional;

/** A position in a list of devices: the id of the last device before it. */
public record DevicePosition(String text) implements Position {
  /** Throws {@code IllegalArgumentException} unless the text is a device's id. */
  public DevicePosition {
    if (!DeviceIds.isDeviceId(text)) {
      throw new IllegalArgumentException("not the id of a device");
    }
  }

  /** Reads a position that a caller sent; empty if no device can have it. */
  static Optional<DevicePosition> parse(String text) {
    return DeviceIds.isDeviceId(text) ? Optional.of(new DevicePosition(text)) : Optional.empty();
  }
}
