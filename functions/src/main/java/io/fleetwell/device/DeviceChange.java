package io.fleetwell.device;

import io.fleetwell.history.DeviceEvent;
import java.util.Optional;

/** A decision of a rule: the next state of a device, and the event for its history. */
public sealed interface DeviceChange permits DeviceChange.Made, ClaimOutcome {
  DeviceSnapshot before();

  /** Equal to {@link #before} when nothing changes. */
  default DeviceSnapshot after() {
    return before();
  }

  default Optional<DeviceEvent> event() {
    return Optional.empty();
  }

  /** Any change except a claim. */
  record Made(DeviceSnapshot before, DeviceSnapshot after, Optional<DeviceEvent> event)
      implements DeviceChange {}

  /** A change without an event. */
  static DeviceChange of(DeviceSnapshot before, DeviceSnapshot after) {
    return new Made(before, after, Optional.empty());
  }

  static DeviceChange of(DeviceSnapshot before, DeviceSnapshot after, DeviceEvent event) {
    return new Made(before, after, Optional.of(event));
  }
}
