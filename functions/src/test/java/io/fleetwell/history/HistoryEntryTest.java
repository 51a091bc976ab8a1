package io.fleetwell.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.history.HistoryEvent.What;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HistoryEntryTest {
  private static final Instant NOW = Instant.parse("2026-11-23T21:42:00.123Z");

  private static HistoryEntry entry(What what) {
    Actor alice = new Actor(new Principal(Kind.USER, "alice", NOW), "request-1");
    HistoryEvent event = HistoryEvent.of("D1", what, NOW, 1, alice);
    return new HistoryEntry(event.position(), event, 3, NOW.plusSeconds(2));
  }

  @Test
  void theJsonOfRefusedClaimsHasTheirNumberAndTheTimeOfTheLatest() {
    ObjectNode json = entry(What.CLAIM_REFUSED).json();
    assertThat(json.path("time").asText()).isEqualTo("2026-11-23T21:42:00.123Z");
    assertThat(json.path("last").asText()).isEqualTo("2026-11-23T21:42:02.123Z");
    assertThat(json.path("count").asLong()).isEqualTo(3);
  }

  @Test
  void theJsonOfAnotherEventIsTheEvents() {
    HistoryEntry entry = entry(What.CLAIMED);
    assertThat(entry.json()).isEqualTo(entry.event().json());
  }
}
