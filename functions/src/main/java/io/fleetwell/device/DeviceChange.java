package io.fleetwell.device;

import io.fleetwell.history.DeviceEvent;
import java.util.Optional;

/** A decision of a rule: the next state of a device, and what its history tells of it. */
public sealed interface DeviceChange permits DeviceChange.Made, ClaimOutcome {
  DeviceSnapshot before();

  /** Equal to {@link #before} when nothing changes. */
  default DeviceSnapshot after() {
    return before();
  }

  default Optional<DeviceEvent> event() {
    return Optional.empty();
  }

  /** Any change but a claim. */
  record Made(DeviceSnapshot before, DeviceSnapshot after, Optional<DeviceEvent> event)
      implements DeviceChange {}

  /** A change that history does not tell of. */
  static DeviceChange of(DeviceSnapshot before, DeviceSnapshot after) {
    return new Made(before, after, Optional.empty());
  }

  static DeviceChange of(DeviceSnapshot before, DeviceSnapshot after, DeviceEvent event) {
    return new Made(before, after, Optional.of(event));
  }
}
