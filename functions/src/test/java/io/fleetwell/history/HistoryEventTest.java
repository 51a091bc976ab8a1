package io.fleetwell.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.history.HistoryEvent.Proof;
import io.fleetwell.history.HistoryEvent.What;
import io.fleetwell.ids.Words;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryEventTest {
  private static final Instant NOW = Instant.parse("2026-11-23T21:42:00.123Z");

  private static final Actor ALICE = new Actor(new Principal(Kind.USER, "alice", NOW), "request-1");

  private static HistoryEvent at(Instant time, long version) {
    return HistoryEvent.of("D1", What.CLAIMED, time, version, ALICE);
  }

  @Test
  void positionsSortByTimeThenByVersion() {
    List<HistoryEvent> inOrder = List.of(
        at(Instant.EPOCH, 3),
        at(Instant.parse("2001-09-09T01:46:39.999Z"), 12),
        at(Instant.parse("2001-09-09T01:46:40Z"), 0),
        at(NOW, 0),
        at(NOW, 2),
        at(NOW, 10),
        at(NOW, 9_999_999_999L),
        at(NOW.plusMillis(1), 1),
        at(Instant.parse("2286-11-20T17:46:40Z"), 1));
    assertThat(inOrder)
        .extracting(event -> event.position().text())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void aPositionIsBeforeATimeIfItsEventIs() {
    assertThat(at(NOW, 0).position().isBefore(NOW)).isFalse();
    assertThat(at(NOW.minusMillis(1), 99).position().isBefore(NOW)).isTrue();
  }

  @Test
  void differentEventsOfOneTimeHaveDifferentPositions() {
    Actor other = new Actor(ALICE.caller(), "request-2");
    assertThat(at(NOW, 1).position())
        .isNotEqualTo(HistoryEvent.of("D1", What.CLAIMED, NOW, 1, other).position())
        .isNotEqualTo(HistoryEvent.of("D1", What.RELEASED, NOW, 1, ALICE).position())
        .isEqualTo(at(NOW, 1).position());
  }

  @Test
  void theJsonHasEventTimeCallerAndProof() throws JsonProcessingException {
    HistoryEvent event = at(NOW, 7)
        .with(Proof.CLAIM_CODE)
        .with(HistoryEvent.OWNER, "alice")
        .with(HistoryEvent.REVISION, "d7");
    assertThat(event.json()).isEqualTo(new JsonMapper().readTree("""
            {
              "time": "2026-11-23T21:42:00.123Z",
              "event": "claimed",
              "by": {"kind": "user", "id": "alice"},
              "proof": "claim-code",
              "owner": "alice",
              "revision": "d7",
              "requestid": "request-1"
            }
            """));
  }

  @Test
  void anEventByADeviceKeyNamesTheKey() {
    Principal device = new Principal(Kind.DEVICE, "D1", NOW, Optional.of("factory"));
    HistoryEvent event =
        HistoryEvent.of("D1", What.RELEASED, NOW, 1, new Actor(device, "request-1"));
    assertThat(event.proof()).isEqualTo("device-key");
    assertThat(event.json().path("signedby").asText()).isEqualTo("factory");
  }

  @Test
  void anEventByATokenOfTheIssuerNamesNoKey() {
    Principal device = new Principal(Kind.DEVICE, "D1", NOW);
    HistoryEvent event =
        HistoryEvent.of("D1", What.RELEASED, NOW, 1, new Actor(device, "request-1"));
    assertThat(event.proof()).isEqualTo("issuer-token");
    assertThat(event.json().has("signedby")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "CLAIMED, claimed",
    "CLAIM_REFUSED, claim-refused",
    "RELEASED, released",
    "CLAIM_CODE_SET, claim-code-set",
    "CLAIM_CODE_REMOVED, claim-code-removed",
    "KEY_ADDED, key-added",
    "KEY_CHANGED, key-changed",
    "KEY_REVOKED, key-revoked",
    "DEVICE_CHANGED, device-changed",
    "DEVICES_IMPORTED, devices-imported",
    "FIRMWARE_PUBLISHED, firmware-published",
    "FIRMWARE_WITHDRAWN, firmware-withdrawn",
  })
  void theNamesOfEventsNeverChange(What what, String name) {
    assertThat(Words.of(what)).isEqualTo(name);
  }
}
