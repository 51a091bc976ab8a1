package io.fleetwell.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.DeviceEvent;
import io.fleetwell.history.DeviceEvent.What;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  private static final Actor OPERATOR =
      new Actor(new Principal(Kind.OPERATOR, "olga", LATER), "request");

  private static final Actor DEVICE =
      new Actor(new Principal(Kind.DEVICE, "d1", LATER, Optional.of("k1")), "request");

  private static final KeyRing EMPTY = KeyRing.empty("d1");

  /** Equal bytes are the same key. The rules of a ring do not read them. */
  private static DeviceKey key(String id, String bytes, Optional<Instant> expires) {
    OctetKeyPair jwk = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(bytes))
        .keyID(id)
        .build();
    return new DeviceKey(id, jwk, expires, NOW);
  }

  private static DeviceKey key(String id) {
    return key(id, "bytes of " + id, Optional.empty());
  }

  private static DeviceKey expiring(String id, Instant expires) {
    return key(id, "bytes of " + id, Optional.of(expires));
  }

  private static KeyRing ring(DeviceKey... keys) {
    KeyRing ring = EMPTY;
    for (DeviceKey key : keys) {
      ring = ring.with(key, OPERATOR, NOW);
    }
    return ring;
  }

  private static KeyRing fullRing() {
    return ring(key("k1"), key("k2"), key("k3"), key("k4"), key("k5"));
  }

  private static FailureKind kindOf(Runnable change) {
    Failure failure = catchThrowableOfType(Failure.class, change::run);
    assertThat(failure).isNotNull();
    return failure.kind();
  }

  private static DeviceEvent eventOf(KeyRing ring) {
    return ring.event().orElseThrow();
  }

  // Adding

  @Test
  void aKeyIsAdded() {
    assertThat(ring(key("k1"), key("k2")).keys()).containsExactly(key("k1"), key("k2"));
  }

  @Test
  void keysAreInTheOrderInWhichTheyWereAdded() {
    DeviceKey first =
        new DeviceKey("z", key("z").jwk(), Optional.empty(), NOW.minus(Duration.ofDays(1)));
    assertThat(ring(key("a"), first).keys()).containsExactly(first, key("a"));
  }

  @Test
  void theSameKeyAgainChangesNothing() {
    KeyRing before = ring(key("k1"));
    assertThat(before.with(key("k1"), OPERATOR, LATER)).isSameAs(before);
  }

  @Test
  void theSameKeyAddedAgainKeepsItsCreationTime() {
    KeyRing before = ring(key("k1"));
    DeviceKey again = new DeviceKey("k1", key("k1").jwk(), Optional.of(LATER), LATER);
    assertThat(before.with(again, OPERATOR, LATER).keys()).containsExactly(expiring("k1", LATER));
  }

  @Test
  void theSameKeyMayHaveTwoIds() {
    assertThat(ring(key("k1", "same", Optional.empty()), key("k2", "same", Optional.empty()))
            .keys())
        .hasSize(2);
  }

  @Test
  void anotherKeyUnderTheSameIdIsRefused() {
    KeyRing before = ring(key("k1"));
    assertThat(kindOf(() -> before.with(key("k1", "other", Optional.empty()), OPERATOR, NOW)))
        .isEqualTo(KeyFailures.KEY_EXISTS);
  }

  @Test
  void anotherKeyUnderTheIdOfAnExpiredOneIsRefused() {
    KeyRing before = ring(expiring("k1", LATER));
    assertThat(kindOf(() -> before.with(key("k1", "other", Optional.empty()), OPERATOR, LATER)))
        .isEqualTo(KeyFailures.KEY_EXISTS);
  }

  @Test
  void aSixthKeyIsRefused() {
    assertThat(kindOf(() -> fullRing().with(key("k6"), OPERATOR, NOW)))
        .isEqualTo(KeyFailures.TOO_MANY_KEYS);
  }

  @Test
  void theSameKeyAgainIsNotASixthKey() {
    KeyRing before = fullRing();
    assertThat(before.with(key("k3"), OPERATOR, NOW)).isSameAs(before);
  }

  @Test
  void aConflictingIdIsReportedBeforeTheLimit() {
    assertThat(kindOf(() -> fullRing().with(key("k3", "other", Optional.empty()), OPERATOR, NOW)))
        .isEqualTo(KeyFailures.KEY_EXISTS);
  }

  @Test
  void expiredKeysMakeRoom() {
    KeyRing before =
        ring(expiring("k1", LATER), key("k2"), expiring("k3", LATER), key("k4"), key("k5"));
    assertThat(before.with(key("k6"), OPERATOR, LATER).keys())
        .containsExactly(key("k2"), key("k4"), key("k5"), key("k6"));
  }

  @Test
  void keysThatExpireSoonMakeNoRoom() {
    KeyRing before = ring(expiring("k1", LATER), key("k2"), key("k3"), key("k4"), key("k5"));
    assertThat(kindOf(() -> before.with(key("k6"), OPERATOR, LATER.minusMillis(1))))
        .isEqualTo(KeyFailures.TOO_MANY_KEYS);
  }

  @Test
  void expiredKeysStayWhileThereIsRoom() {
    KeyRing before = ring(expiring("k1", LATER));
    assertThat(before.with(key("k2"), OPERATOR, LATER).keys())
        .containsExactly(expiring("k1", LATER), key("k2"));
  }

  // Expiry

  @Test
  void aKeyIsValidUntilItExpires() {
    DeviceKey key = expiring("k1", LATER);
    assertThat(key.hasExpired(LATER.minusNanos(1))).isFalse();
    assertThat(key.hasExpired(LATER)).isTrue();
  }

  @Test
  void aKeyGetsAnExpiry() {
    assertThat(ring(key("k1")).with(expiring("k1", LATER), OPERATOR, NOW).keys())
        .containsExactly(expiring("k1", LATER));
  }

  @Test
  void onlyAnOperatorChangesAnExpiry() {
    assertThat(kindOf(() -> ring(expiring("k1", LATER)).with(key("k1"), DEVICE, NOW)))
        .isEqualTo(FailureKind.FORBIDDEN);
  }

  @Test
  void aKeyLosesItsExpiry() {
    assertThat(ring(expiring("k1", LATER)).with(key("k1"), OPERATOR, NOW).keys())
        .containsExactly(key("k1"));
  }

  @Test
  void aChangedExpiryLeavesOtherKeysUnchanged() {
    assertThat(ring(key("k1"), key("k2"))
            .with(expiring("k1", LATER), OPERATOR, NOW)
            .keys())
        .containsExactly(expiring("k1", LATER), key("k2"));
  }

  // Deleting

  @Test
  void aKeyIsDeleted() {
    assertThat(ring(key("k1"), key("k2")).without("k1", OPERATOR, NOW).keys())
        .containsExactly(key("k2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"k2", "K1", ""})
  void anUnknownKeyIsNotFound(String id) {
    assertThat(kindOf(() -> ring(key("k1")).without(id, OPERATOR, NOW)))
        .isEqualTo(FailureKind.NOT_FOUND);
  }

  @Test
  void anEmptyRingHasNoKeyToDelete() {
    assertThat(kindOf(() -> EMPTY.without("k1", DEVICE, NOW))).isEqualTo(FailureKind.NOT_FOUND);
  }

  @Test
  void aDeviceMayDeleteAKeyIfItHasAnother() {
    assertThat(ring(key("k1"), key("k2")).without("k1", DEVICE, NOW).keys())
        .containsExactly(key("k2"));
  }

  @Test
  void aDeviceMayNotDeleteItsLastKey() {
    assertThat(kindOf(() -> ring(key("k1")).without("k1", DEVICE, NOW)))
        .isEqualTo(KeyFailures.LAST_KEY);
  }

  @Test
  void aDeviceMayNotDeleteItsLastValidKey() {
    KeyRing before = ring(key("k1"), expiring("k2", LATER));
    assertThat(kindOf(() -> before.without("k1", DEVICE, LATER))).isEqualTo(KeyFailures.LAST_KEY);
  }

  @Test
  void aDeviceMayDeleteAKeyIfTheOtherExpiresSoon() {
    KeyRing before = ring(key("k1"), expiring("k2", LATER));
    assertThat(before.without("k1", DEVICE, LATER.minusMillis(1)).keys())
        .containsExactly(expiring("k2", LATER));
  }

  @Test
  void aDeviceMayDeleteAnExpiredKey() {
    KeyRing before = ring(key("k1"), expiring("k2", LATER));
    assertThat(before.without("k2", DEVICE, LATER).keys()).containsExactly(key("k1"));
  }

  @Test
  void anOperatorMayDeleteTheLastKey() {
    assertThat(ring(key("k1")).without("k1", OPERATOR, NOW).keys()).isEmpty();
  }

  // Events

  @Test
  void anAddedKeyMakesAnEvent() {
    KeyRing after = EMPTY.with(key("k1"), OPERATOR, NOW);
    assertThat(eventOf(after))
        .isEqualTo(
            DeviceEvent.of("d1", What.KEY_ADDED, NOW, 1, OPERATOR).with(DeviceEvent.KEY, "k1"));
  }

  @Test
  void aChangedKeyMakesAnEvent() {
    KeyRing after = ring(key("k1")).with(expiring("k1", LATER), OPERATOR, LATER);
    assertThat(eventOf(after))
        .isEqualTo(
            DeviceEvent.of("d1", What.KEY_CHANGED, LATER, 2, OPERATOR).with(DeviceEvent.KEY, "k1"));
  }

  @Test
  void aRevokedKeyMakesAnEvent() {
    KeyRing after = ring(key("k1")).without("k1", OPERATOR, LATER);
    assertThat(eventOf(after))
        .isEqualTo(
            DeviceEvent.of("d1", What.KEY_REVOKED, LATER, 2, OPERATOR).with(DeviceEvent.KEY, "k1"));
  }

  @Test
  void anEventOfADeviceNamesTheKeyThatSigned() {
    KeyRing after = ring(key("k1")).with(key("k2"), DEVICE, NOW);
    assertThat(eventOf(after).about())
        .isEqualTo(Map.of(DeviceEvent.KEY, "k2", DeviceEvent.SIGNED_BY, "k1"));
    assertThat(eventOf(after).proof()).isEqualTo("device-key");
  }

  @Test
  void everyChangeIncreasesTheVersion() {
    KeyRing after = ring(key("k1"), key("k2"))
        .with(expiring("k2", LATER), OPERATOR, NOW)
        .without("k1", OPERATOR, NOW);
    assertThat(after.version()).isEqualTo(4);
    assertThat(eventOf(after).version()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1_000, 1_000_000_000_000L})
  void aLaterChangeHasALaterTimeEvenIfTheClockGoesBack(long millisBack) {
    KeyRing before = ring(key("k1"));
    KeyRing after = before.with(key("k2"), OPERATOR, NOW.minusMillis(millisBack));
    assertThat(after.updated()).isAfter(before.updated());
    assertThat(eventOf(after).time()).isEqualTo(after.updated());
  }

  @Test
  void twoChangesWithinAMillisecondHaveDifferentTimes() {
    KeyRing before = EMPTY.with(key("k1"), OPERATOR, NOW.plusNanos(100));
    KeyRing after = before.with(key("k2"), OPERATOR, NOW.plusNanos(900));
    assertThat(after.updated()).isEqualTo(before.updated().plusMillis(1));
  }
}
