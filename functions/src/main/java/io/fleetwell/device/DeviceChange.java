package io.fleetwell.device;

import io.fleetwell.history.HistoryEvent;
import java.util.List;

/** A decision of a rule: the next state of a device, and the events for its history. */
public sealed interface DeviceChange permits DeviceChange.Made, DeviceChange.Apart, ClaimOutcome {
  DeviceSnapshot before();

  /** Equal to {@link #before} when nothing changes. */
  default DeviceSnapshot after() {
    return before();
  }

  default List<HistoryEvent> events() {
    return List.of();
  }

  /** What the author of the change sees of the device afterwards. */
  default DeviceView view() {
    return after().view();
  }

  /** Any other change except a claim. */
  record Made(DeviceSnapshot before, DeviceSnapshot after, List<HistoryEvent> events)
      implements DeviceChange {
    public Made {
      events = List.copyOf(events);
    }
  }

  /** A registration that is not part of the record: the user has no authority, or their words have no room. */
  record Apart(DeviceSnapshot before, DeviceSnapshot after) implements DeviceChange {
    @Override
    public DeviceView view() {
      return after.registration().orElseThrow();
    }
  }

  /** A change without an event. */
  static DeviceChange of(DeviceSnapshot before, DeviceSnapshot after) {
    return of(before, after, List.of());
  }

  static DeviceChange of(DeviceSnapshot before, DeviceSnapshot after, HistoryEvent event) {
    return of(before, after, List.of(event));
  }

  static DeviceChange of(DeviceSnapshot before, DeviceSnapshot after, List<HistoryEvent> events) {
    return new Made(before, after, events);
  }
}
