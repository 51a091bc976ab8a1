package io.fleetwell.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Named.named;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.history.Change;
import io.fleetwell.history.HistoryEvent;
import io.fleetwell.history.HistoryEvent.What;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  private static final Actor OPERATOR =
      new Actor(new Principal(Kind.OPERATOR, "olga", LATER), "request");

  /** The device, with a token that its key k1 signed. */
  private static final Actor DEVICE = signedBy("k1");

  private static final Actor DEVICE_BY_THE_ISSUER =
      new Actor(new Principal(Kind.DEVICE, "d1", LATER), "request");

  private static final KeyRing EMPTY = KeyRing.empty("d1");

  private static Actor signedBy(String keyId) {
    return new Actor(new Principal(Kind.DEVICE, "d1", LATER, Optional.of(keyId)), "request");
  }

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

  private static HistoryEvent eventOf(KeyRing ring) {
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

  private static DeviceKey key(String id, JWK jwk) {
    return new DeviceKey(id, jwk, Optional.empty(), NOW);
  }

  private static DeviceKey rsa(String id, long modulus, long exponent) {
    return key(
        id,
        new RSAKey.Builder(
                Base64URL.encode(BigInteger.valueOf(modulus)),
                Base64URL.encode(BigInteger.valueOf(exponent)))
            .build());
  }

  /** A point of P-256 and its negative: the key of RFC 7517, A.1, has the first y. */
  private static DeviceKey p256(String id, boolean negated) {
    Base64URL x = new Base64URL("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4");
    BigInteger y =
        new Base64URL("4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM").decodeToBigInteger();
    BigInteger p = ((ECFieldFp) Curve.P_256.toECParameterSpec().getCurve().getField()).getP();
    return key(
        id,
        new ECKey.Builder(Curve.P_256, x, ECKey.encodeCoordinate(256, negated ? p.subtract(y) : y))
            .build());
  }

  private static DeviceKey ed25519(String id, int lastByte) {
    byte[] bytes = new byte[32];
    bytes[31] = (byte) lastByte;
    return key(id, new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(bytes)).build());
  }

  static Stream<Arguments> keysWithOnePrivateKey() {
    return Stream.of(
        arguments(named("equal", key("k1")), key("k2", "bytes of k1", Optional.empty())),
        arguments(
            named("expired", expiring("k1", NOW)), key("k2", "bytes of k1", Optional.empty())),
        arguments(named("expiring", key("k1")), key("k2", "bytes of k1", Optional.of(LATER))),
        arguments(named("P-256", p256("k1", false)), p256("k2", false)),
        arguments(named("P-256, negated", p256("k1", false)), p256("k2", true)),
        arguments(named("Ed25519", ed25519("k1", 1)), ed25519("k2", 1)),
        arguments(named("Ed25519, negated", ed25519("k1", 1)), ed25519("k2", 0x81)),
        arguments(named("RSA", rsa("k1", 77, 65_537)), rsa("k2", 77, 65_537)),
        arguments(named("RSA, another exponent", rsa("k1", 77, 65_537)), rsa("k2", 77, 65_539)));
  }

  @ParameterizedTest
  @MethodSource("keysWithOnePrivateKey")
  void theSameKeyUnderAnotherIdIsRefusedWithItsId(DeviceKey present, DeviceKey same) {
    KeyRing before = ring(key("k0"), present);
    for (Actor actor : List.of(OPERATOR, DEVICE_BY_THE_ISSUER, signedBy("k0"))) {
      Failure failure = catchThrowableOfType(Failure.class, () -> before.with(same, actor, NOW));
      assertThat(failure.kind()).isEqualTo(KeyFailures.KEY_HAS_ANOTHER_ID);
      assertThat(failure.members()).isEqualTo(Map.of("kid", "k1"));
    }
  }

  @Test
  void keysOfAnotherKindAreOtherKeys() {
    assertThat(ring(
                p256("k1", false),
                ed25519("k2", 1),
                ed25519("k3", 2),
                rsa("k4", 77, 65_537),
                rsa("k5", 79, 65_537))
            .keys())
        .hasSize(5);
  }

  @Test
  void aKeyUnderAnotherIdIsReportedBeforeTheLimit() {
    assertThat(kindOf(
            () -> fullRing().with(key("k6", "bytes of k3", Optional.empty()), OPERATOR, NOW)))
        .isEqualTo(KeyFailures.KEY_HAS_ANOTHER_ID);
  }

  @Test
  void aRevokedKeyMayComeBackUnderAnotherId() {
    KeyRing revoked = ring(key("k1"), key("k2")).without("k1", OPERATOR, NOW);
    assertThat(revoked
            .with(key("k3", "bytes of k1", Optional.empty()), OPERATOR, NOW)
            .keys())
        .hasSize(2);
  }

  /** An earlier release accepted it. */
  @Test
  void aKeyThatIsStoredUnderTwoIdsCanBeSentAgain() {
    KeyRing stored = new KeyRing(
        "d1",
        List.of(key("k1"), key("k2", "bytes of k1", Optional.empty())),
        2,
        NOW,
        Optional.empty());
    assertThat(stored.with(key("k1"), OPERATOR, NOW)).isSameAs(stored);
    assertThat(stored.without("k2", OPERATOR, NOW).keys()).containsExactly(key("k1"));
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
    KeyRing before = ring(expiring("k1", LATER));
    for (Actor device : List.of(DEVICE, DEVICE_BY_THE_ISSUER)) {
      for (Instant other : List.of(LATER.minusSeconds(1), LATER.plusSeconds(1))) {
        assertThat(kindOf(() -> before
                .with(expiring("k2", LATER), OPERATOR, NOW)
                .with(expiring("k2", other), DEVICE_BY_THE_ISSUER, NOW)))
            .isEqualTo(FailureKind.FORBIDDEN);
      }
      assertThat(kindOf(() -> before.with(expiring("k1", LATER.minusSeconds(1)), device, NOW)))
          .isEqualTo(FailureKind.FORBIDDEN);
    }
  }

  // Keys that a device adds with its own token

  /** The ring after the device added a key with a token that k1 signed, which expires later. */
  private static DeviceKey added(DeviceKey key) {
    return ring(expiring("k1", LATER)).with(key, DEVICE, NOW).key("k2").orElseThrow();
  }

  @Test
  void anAddedKeyExpiresNoLaterThanTheKeyThatSigned() {
    assertThat(added(key("k2"))).isEqualTo(expiring("k2", LATER));
    assertThat(added(expiring("k2", LATER.plusMillis(1)))).isEqualTo(expiring("k2", LATER));
    assertThat(added(expiring("k2", LATER))).isEqualTo(expiring("k2", LATER));
    assertThat(added(expiring("k2", LATER.minusMillis(1))))
        .isEqualTo(expiring("k2", LATER.minusMillis(1)));
  }

  @Test
  void aChainOfAddedKeysExpiresWithTheFirst() {
    KeyRing after = ring(expiring("k1", LATER))
        .with(key("k2"), signedBy("k1"), NOW)
        .with(key("k3"), signedBy("k2"), NOW)
        .without("k1", signedBy("k3"), NOW)
        .with(key("k4"), signedBy("k3"), NOW);
    assertThat(after.keys())
        .containsExactly(expiring("k2", LATER), expiring("k3", LATER), expiring("k4", LATER));
  }

  @Test
  void aKeyThatDoesNotExpireAddsKeysWithAnyExpiry() {
    KeyRing after =
        ring(key("k1")).with(key("k2"), DEVICE, NOW).with(expiring("k3", LATER), DEVICE, NOW);
    assertThat(after.keys()).containsExactly(key("k1"), key("k2"), expiring("k3", LATER));
  }

  @Test
  void onlyTheKeyThatSignedLimitsTheExpiry() {
    KeyRing after = ring(key("k1"), expiring("k0", LATER)).with(key("k2"), DEVICE, NOW);
    assertThat(after.key("k2")).contains(key("k2"));
  }

  @Test
  void operatorsAndTokensOfTheIssuerAddKeysWithAnyExpiry() {
    for (Actor actor : List.of(OPERATOR, DEVICE_BY_THE_ISSUER)) {
      assertThat(ring(expiring("k1", LATER)).with(key("k2"), actor, NOW).key("k2"))
          .contains(key("k2"));
    }
  }

  @Test
  void anOperatorCanLetAnAddedKeyLiveLonger() {
    KeyRing added = ring(expiring("k1", LATER)).with(key("k2"), DEVICE, NOW);
    for (DeviceKey wanted : List.of(key("k2"), expiring("k2", LATER.plusSeconds(60)))) {
      KeyRing longer = added.with(wanted, OPERATOR, NOW);
      assertThat(longer.key("k2")).contains(wanted);
      assertThat(longer.with(key("k2"), DEVICE, NOW)).isSameAs(longer);
    }
  }

  @Test
  void aDeviceThatRepeatsItsAdditionChangesNothing() {
    for (DeviceKey key : List.of(
        key("k2"), expiring("k2", LATER.minusMillis(1)), expiring("k2", LATER.plusMillis(1)))) {
      KeyRing added = ring(expiring("k1", LATER)).with(key, DEVICE, NOW);
      assertThat(added.with(key, DEVICE, NOW)).isSameAs(added);
      assertThat(added.with(key, signedBy("k2"), NOW)).isSameAs(added);
    }
  }

  @Test
  void aRevokedKeyNeitherAddsNorRevokesKeys() {
    KeyRing before = ring(key("k2"), key("k3"));
    assertThat(kindOf(() -> before.with(key("k4"), DEVICE, NOW))).isEqualTo(FailureKind.FORBIDDEN);
    assertThat(kindOf(() -> before.with(key("k2"), DEVICE, NOW))).isEqualTo(FailureKind.FORBIDDEN);
    assertThat(kindOf(() -> before.without("k2", DEVICE, NOW))).isEqualTo(FailureKind.FORBIDDEN);
  }

  @Test
  void anExpiredKeyNeitherAddsNorRevokesKeys() {
    KeyRing before = ring(expiring("k1", LATER), key("k2"), key("k3"));
    assertThat(kindOf(() -> before.with(key("k4"), DEVICE, LATER)))
        .isEqualTo(FailureKind.FORBIDDEN);
    assertThat(kindOf(() -> before.without("k2", DEVICE, LATER))).isEqualTo(FailureKind.FORBIDDEN);
  }

  @Test
  void aDeviceThatRepeatsTheDeletionOfItsOwnKeyFindsItGone() {
    KeyRing after = ring(key("k1"), key("k2")).without("k1", DEVICE, NOW);
    assertThat(kindOf(() -> after.without("k1", DEVICE, NOW))).isEqualTo(FailureKind.NOT_FOUND);
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

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anAddedKeyMakesAnEvent() {
    KeyRing after = EMPTY.with(expiring("k1", LATER), OPERATOR, NOW);
    assertThat(eventOf(after))
        .isEqualTo(HistoryEvent.of("d1", What.KEY_ADDED, NOW, 1, OPERATOR)
            .with(HistoryEvent.KEY, "k1")
            .with(new Change(json("{}"), json("{'kid': 'k1', 'expires': '%s'}".formatted(LATER)))));
  }

  @Test
  void aChangedKeyMakesAnEvent() {
    KeyRing after = ring(key("k1")).with(expiring("k1", LATER), OPERATOR, LATER);
    assertThat(eventOf(after))
        .isEqualTo(HistoryEvent.of("d1", What.KEY_CHANGED, LATER, 2, OPERATOR)
            .with(HistoryEvent.KEY, "k1")
            .with(new Change(
                json("{'kid': 'k1'}"), json("{'kid': 'k1', 'expires': '%s'}".formatted(LATER)))));
  }

  @Test
  void aRevokedKeyMakesAnEvent() {
    KeyRing after = ring(key("k1")).without("k1", OPERATOR, LATER);
    assertThat(eventOf(after))
        .isEqualTo(HistoryEvent.of("d1", What.KEY_REVOKED, LATER, 2, OPERATOR)
            .with(HistoryEvent.KEY, "k1")
            .with(new Change(json("{'kid': 'k1'}"), json("{}"))));
  }

  @Test
  void anEventOfADeviceNamesTheKeyThatSigned() {
    KeyRing after = ring(key("k1")).with(key("k2"), DEVICE, NOW);
    assertThat(eventOf(after).about())
        .isEqualTo(Map.of(HistoryEvent.KEY, "k2", HistoryEvent.SIGNED_BY, "k1"));
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
