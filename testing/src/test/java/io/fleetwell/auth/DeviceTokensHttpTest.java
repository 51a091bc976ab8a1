package io.fleetwell.auth;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens that devices sign themselves, as time goes by: on a system of their own, whose clock goes when it is told to. */
class DeviceTokensHttpTest {
  private static final Duration CACHE_TIME = Duration.ofMinutes(5);
  private static final Duration INSTANT = Duration.ofMillis(1);

  /** RFC 9110, 5.6.7. */
  private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
          "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  private static final TestClock CLOCK = new TestClock();
  private static ClockedSystem system;
  private static Api api;

  private final String id = unique("device");
  private final DeviceSigner signer = new DeviceSigner(id, "k1");
  private final Instant start = CLOCK.instant();

  @BeforeAll
  static void startTheSystem() throws Exception {
    system = new ClockedSystem(
        Map.of("AuthorizerCacheSeconds", String.valueOf(CACHE_TIME.toSeconds())), CLOCK);
    api = system.api();
  }

  @AfterAll
  static void endTheSystem() throws IOException {
    system.close();
  }

  /** The tests share the clock, so it only ever goes on. */
  private static void at(Instant time) {
    Duration left = Duration.between(CLOCK.instant(), time);
    assertThat(left).isGreaterThanOrEqualTo(Duration.ZERO);
    CLOCK.pass(left);
  }

  private void register(DeviceSigner key) {
    assertThat(api.operator().put(key.path(), key.jwk()).status()).isEqualTo(201);
  }

  private void registerUntil(DeviceSigner key, Instant expires) {
    String jwk = key.jwk().replaceFirst("}$", ",\"expires\":\"" + expires + "\"}");
    assertThat(api.operator().put(key.path(), jwk).status()).isEqualTo(201);
  }

  /** Something that every device may do. */
  private Answer call(String token) {
    return api.token(token).get("/v1/devices/" + id + "/keys");
  }

  private static void assertGood(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
  }

  private static void assertForbidden(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text()).isEqualTo("{\"message\":\"Forbidden\"}");
  }

  private static void assertExpired(Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.problem()).isEqualTo("token-expired");
  }

  /** The date is the machine's own, by which a device may set its clock. */
  private static void assertHasDate(Answer answer) {
    String date = answer.header("date");
    Instant time = Instant.from(HTTP_DATE.parse(date));
    assertThat(HTTP_DATE.format(time)).isEqualTo(date);
    assertThat(time).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
  }

  // Keys come and go

  @Test
  void aDeviceRotatesItsKeyByItself() {
    DeviceSigner next = new DeviceSigner(id, "k2");
    register(signer);
    assertThat(api.token(signer.token(start)).put(next.path(), next.jwk()).status())
        .isEqualTo(201);
    assertGood(call(next.token(start)));
    assertThat(api.token(next.token(start)).delete(signer.path()).status()).isEqualTo(204);
    assertThat(call(next.token(start)).json().findValuesAsText("kid")).containsExactly("k2");
  }

  @Test
  void aTokenOfARevokedKeyIsGoodWhileTheAuthorizersAnswerIsCachedAndNoLonger() {
    register(signer);
    String token = signer.token(start);
    assertGood(call(token));
    at(start.plusSeconds(100));
    assertThat(api.operator().delete(signer.path()).status()).isEqualTo(204);
    assertGood(call(token));
    at(start.plus(CACHE_TIME).minus(INSTANT));
    assertGood(call(token));
    at(start.plus(CACHE_TIME));
    assertForbidden(call(token));
  }

  @Test
  void aNewTokenOfARevokedKeyIsRefusedAtOnce() {
    register(signer);
    assertGood(call(signer.token(start)));
    assertThat(api.operator().delete(signer.path()).status()).isEqualTo(204);
    assertForbidden(call(signer.token(start, start.plusSeconds(1_800))));
  }

  @Test
  void aKeyThatWasRevokedAndAddedAgainIsGoodAgain() {
    register(signer);
    assertThat(api.operator().delete(signer.path()).status()).isEqualTo(204);
    register(signer);
    assertGood(call(signer.token(start)));
  }

  // Keys expire

  @Test
  void aTokenExpiresWithItsKeyThoughTheAuthorizersAnswerIsCached() {
    registerUntil(signer, start.plusSeconds(60));
    String token = signer.token(start);
    assertGood(call(token));
    at(start.plusSeconds(60).minus(INSTANT));
    assertGood(call(token));
    at(start.plusSeconds(60));
    assertExpired(call(token));
  }

  @Test
  void aNewTokenOfAKeyThatHasExpiredIsRefused() {
    registerUntil(signer, start.plusSeconds(60));
    at(start.plusSeconds(60).minus(INSTANT));
    assertGood(call(signer.token(start)));
    at(start.plusSeconds(60));
    assertForbidden(call(signer.token(start, start.plusSeconds(1_800))));
  }

  // Tokens expire

  @Test
  void aTokenIsGoodUntilTenMinutesAfterItsExpiry() {
    register(signer);
    String token = signer.token(start, start.plusSeconds(60));
    at(start.plusSeconds(660).minus(INSTANT));
    assertGood(call(token));
    at(start.plusSeconds(660));
    assertExpired(call(token));
  }

  @Test
  void aTokenThatHasExpiredLongAgoIsToldSo() {
    register(signer);
    assertExpired(call(signer.token(start.minusSeconds(7_200), start.minusSeconds(3_600))));
  }

  @Test
  void aTokenMayBeFromTenMinutesAhead() {
    register(signer);
    assertGood(call(signer.token(start.plusSeconds(600))));
    assertForbidden(call(signer.token(start.plusSeconds(602))));
  }

  @Test
  void aTokenMayBeGoodForADay() {
    register(signer);
    assertGood(call(signer.token(start, start.plus(Duration.ofDays(1)))));
    assertForbidden(call(signer.token(start, start.plus(Duration.ofDays(1)).plusSeconds(1))));
  }

  // What time it is

  @Test
  void aDeviceThatThinksThatItIs1970IsToldTheTime() {
    register(signer);
    Answer answer = call(signer.token(Instant.EPOCH));
    assertExpired(answer);
    assertHasDate(answer);
  }

  @Test
  void everyAnswerTellsTheTime() {
    register(signer);
    Answer good = call(signer.token(start));
    assertGood(good);
    assertHasDate(good);
    Answer forbidden = call("garbage");
    assertForbidden(forbidden);
    assertHasDate(forbidden);
    Answer unauthorized = api.nobody().get("/v1/devices/" + id + "/keys");
    assertThat(unauthorized.status()).isEqualTo(401);
    assertHasDate(unauthorized);
  }
}
