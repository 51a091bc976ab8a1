package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** What a caller is shown of a device: its record, or a user's own registration of it. */
sealed interface DeviceView permits Device, Registration {
  ObjectNode json();

  /** Names this state, for {@code ETag}. */
  String revision();

  /** When it last changed. */
  Instant updated();
}
