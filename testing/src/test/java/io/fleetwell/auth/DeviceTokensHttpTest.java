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

/** Tokens that devices sign themselves, over time. The system has a clock that the tests set. */
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

  /** The tests share the clock, so it only moves forward. */
  private static void setClock(Instant time) {
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

  /** A call that every device may make. */
  private Answer call(String token) {
    return api.token(token).get("/v1/devices/" + id + "/keys");
  }

  private static void assertAccepted(Answer answer) {
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

  /** A device can set its clock by this header, which has the time of the machine. */
  private static void assertHasDate(Answer answer) {
    String date = answer.header("date");
    Instant time = Instant.from(HTTP_DATE.parse(date));
    assertThat(HTTP_DATE.format(time)).isEqualTo(date);
    assertThat(time).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
  }

  // Adding and revoking keys

  @Test
  void aDeviceRotatesItsOwnKey() {
    DeviceSigner next = new DeviceSigner(id, "k2");
    register(signer);
    assertThat(api.token(signer.token(start)).put(next.path(), next.jwk()).status())
        .isEqualTo(201);
    assertAccepted(call(next.token(start)));
    assertThat(api.token(next.token(start)).delete(signer.path()).status()).isEqualTo(204);
    assertThat(call(next.token(start)).json().findValuesAsText("kid")).containsExactly("k2");
  }

  @Test
  void aTokenOfARevokedKeyIsRefusedWhenTheAuthorizersCacheExpires() {
    register(signer);
    String token = signer.token(start);
    assertAccepted(call(token));
    setClock(start.plusSeconds(100));
    assertThat(api.operator().delete(signer.path()).status()).isEqualTo(204);
    assertAccepted(call(token));
    setClock(start.plus(CACHE_TIME).minus(INSTANT));
    assertAccepted(call(token));
    setClock(start.plus(CACHE_TIME));
    assertForbidden(call(token));
  }

  @Test
  void aNewTokenOfARevokedKeyIsRefusedAtOnce() {
    register(signer);
    assertAccepted(call(signer.token(start)));
    assertThat(api.operator().delete(signer.path()).status()).isEqualTo(204);
    assertForbidden(call(signer.token(start, start.plusSeconds(1_800))));
  }

  @Test
  void aRevokedKeyThatIsAddedAgainIsAccepted() {
    register(signer);
    assertThat(api.operator().delete(signer.path()).status()).isEqualTo(204);
    register(signer);
    assertAccepted(call(signer.token(start)));
  }

  // Expiry of keys

  @Test
  void aTokenExpiresWithItsKeyDespiteTheAuthorizersCache() {
    registerUntil(signer, start.plusSeconds(60));
    String token = signer.token(start);
    assertAccepted(call(token));
    setClock(start.plusSeconds(60).minus(INSTANT));
    assertAccepted(call(token));
    setClock(start.plusSeconds(60));
    assertExpired(call(token));
  }

  @Test
  void aNewTokenOfAnExpiredKeyIsRefused() {
    registerUntil(signer, start.plusSeconds(60));
    setClock(start.plusSeconds(60).minus(INSTANT));
    assertAccepted(call(signer.token(start)));
    setClock(start.plusSeconds(60));
    assertForbidden(call(signer.token(start, start.plusSeconds(1_800))));
  }

  // Expiry of tokens

  @Test
  void aTokenIsAcceptedUntilTenMinutesAfterItsExpiry() {
    register(signer);
    String token = signer.token(start, start.plusSeconds(60));
    setClock(start.plusSeconds(660).minus(INSTANT));
    assertAccepted(call(token));
    setClock(start.plusSeconds(660));
    assertExpired(call(token));
  }

  @Test
  void aTokenThatExpiredLongAgoIsReportedAsExpired() {
    register(signer);
    assertExpired(call(signer.token(start.minusSeconds(7_200), start.minusSeconds(3_600))));
  }

  @Test
  void aTokenMayBeIssuedTenMinutesInTheFuture() {
    register(signer);
    assertAccepted(call(signer.token(start.plusSeconds(600))));
    assertForbidden(call(signer.token(start.plusSeconds(602))));
  }

  @Test
  void aTokenMayLastADay() {
    register(signer);
    assertAccepted(call(signer.token(start, start.plus(Duration.ofDays(1)))));
    assertForbidden(call(signer.token(start, start.plus(Duration.ofDays(1)).plusSeconds(1))));
  }

  // The header Date

  @Test
  void aDeviceWhoseClockSays1970GetsTheTime() {
    register(signer);
    Answer answer = call(signer.token(Instant.EPOCH));
    assertExpired(answer);
    assertHasDate(answer);
  }

  @Test
  void everyResponseHasADate() {
    register(signer);
    Answer good = call(signer.token(start));
    assertAccepted(good);
    assertHasDate(good);
    Answer forbidden = call("garbage");
    assertForbidden(forbidden);
    assertHasDate(forbidden);
    Answer unauthorized = api.nobody().get("/v1/devices/" + id + "/keys");
    assertThat(unauthorized.status()).isEqualTo(401);
    assertHasDate(unauthorized);
  }
}
