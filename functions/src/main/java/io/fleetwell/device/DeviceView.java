package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** What a caller sees of a device: its record, or the user's own registration. */
sealed interface DeviceView permits Device, Registration {
  ObjectNode json();

  /** Names this state, for {@code ETag}. */
  String revision();

  /** When it last changed. */
  Instant updated();
}
