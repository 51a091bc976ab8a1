package io.fleetwell.firmware;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.history.Change;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.history.HistoryEvent.What;
import io.fleetwell.history.Subject;
import io.fleetwell.json.Json;
import java.time.Instant;

/** The events of firmware. They say what was published, without the release notes, because the record goes when it is withdrawn. */
final class FirmwareEvents {
  private FirmwareEvents() {}

  static HistoryEvent published(Firmware firmware, Actor actor) {
    Change change = new Change(Json.object(), facts(firmware));
    return event(firmware, What.FIRMWARE_PUBLISHED, firmware.published(), actor).with(change);
  }

  static HistoryEvent withdrawn(Firmware firmware, Actor actor, Instant now) {
    Change change = new Change(facts(firmware), Json.object());
    return event(firmware, What.FIRMWARE_WITHDRAWN, now, actor).with(change);
  }

  private static HistoryEvent event(Firmware firmware, What what, Instant time, Actor actor) {
    return HistoryEvent.of(Subject.firmware(firmware.id().text()), what, time, 0, actor);
  }

  private static ObjectNode facts(Firmware firmware) {
    return firmware.json().without("releasenotes");
  }
}
