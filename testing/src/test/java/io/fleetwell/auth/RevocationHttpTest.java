package io.fleetwell.auth;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.TestClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How long something works after it was revoked, although the gateway has seen the caller's token. The system has a clock
 * that the tests set.
 */
class RevocationHttpTest {
  private static final Duration CACHE_TIME = Duration.ofMinutes(5);
  private static final Duration INSTANT = Duration.ofMillis(1);
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";
  private static final String NEW_CODE = "2K7M-4PXR-9TQZ-6WBD";

  private static final TestClock CLOCK = new TestClock();
  private static ClockedSystem system;
  private static Api api;

  private final String id = unique("device");
  private final DeviceSigner key = new DeviceSigner(id, "k1");
  private final DeviceSigner other = new DeviceSigner(id, "k2");
  private final Instant start = CLOCK.instant();
  private final String token = key.token(start);

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

  /** The device, always with the same token. */
  private Caller device() {
    return api.token(token);
  }

  private static void setClock(Instant time) {
    CLOCK.pass(Duration.between(CLOCK.instant(), time));
  }

  private static void register(Api at, DeviceSigner added) {
    assertThat(at.operator().put(added.path(), added.jwk()).status()).isEqualTo(201);
  }

  private static void revoke(Api at, DeviceSigner revoked) {
    assertThat(at.operator().delete(revoked.path()).status()).isEqualTo(204);
  }

  /** A call that every device may make. */
  private int statusOfACall() {
    return device().get("/v1/devices/" + id + "/keys").status();
  }

  private List<String> keys() {
    return api.operator()
        .get("/v1/devices/" + id + "/keys")
        .json()
        .path("keys")
        .findValuesAsText("kid");
  }

  // Keys of devices

  /** Each call uses the cached decision; none makes it last longer, and no route has a cache of its own. */
  @Test
  void aRevokedKeyWorksUntilTheCachedDecisionEnds() {
    register(api, key);
    assertThat(statusOfACall()).isEqualTo(200);
    revoke(api, key);
    for (int minutes = 0; minutes < CACHE_TIME.toMinutes(); minutes++) {
      setClock(start.plus(Duration.ofMinutes(minutes)));
      assertThat(device()
              .put("/v1/devices/" + id, "{'volume': %d}".formatted(minutes))
              .status())
          .isIn(200, 201);
      assertThat(statusOfACall()).isEqualTo(200);
    }
    setClock(start.plus(CACHE_TIME).minus(INSTANT));
    assertThat(statusOfACall()).isEqualTo(200);
    setClock(start.plus(CACHE_TIME));
    assertThat(statusOfACall()).isEqualTo(403);
    assertThat(device().get("/v1/devices/" + id).status()).isEqualTo(403);
  }

  @Test
  void aRevokedKeyAddsAndRevokesNoKeysFromThenOn() {
    register(api, key);
    register(api, other);
    assertThat(statusOfACall()).isEqualTo(200);
    revoke(api, key);
    DeviceSigner added = new DeviceSigner(id, "k3");
    for (Answer answer : List.of(
        device().put(added.path(), added.jwk()),
        device().put(key.path(), key.jwk()),
        device().delete(other.path()))) {
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.problem()).isEqualTo("forbidden");
      assertThat(answer.json().path("detail").asText())
          .isEqualTo("The key k1, which signed the token, was revoked or has expired.");
    }
    assertThat(statusOfACall()).as("the gateway still accepts it").isEqualTo(200);
    assertThat(keys()).containsExactly("k2");
  }

  @Test
  void aRevokedKeyLeavesTheKeysThatItAdded() {
    register(api, key);
    assertThat(device().put(other.path(), other.jwk()).status()).isEqualTo(201);
    revoke(api, key);
    setClock(start.plus(CACHE_TIME));
    assertThat(statusOfACall()).isEqualTo(403);
    assertThat(api.token(other.token(CLOCK.instant()))
            .get("/v1/devices/" + id + "/keys")
            .status())
        .isEqualTo(200);
    assertThat(api.operator().get("/v1/devices/" + id + "/history").json().path("history"))
        .anySatisfy(event -> {
          assertThat(event.path("kid").asText()).isEqualTo("k2");
          assertThat(event.path("signedby").asText()).isEqualTo("k1");
        });
  }

  @Test
  void aKeyWithAnExpiryLeavesNoKeyThatWorksLonger() {
    Instant expires = start.plusSeconds(60);
    String jwk = key.jwk().replaceFirst("}$", ",\"expires\":\"" + expires + "\"}");
    assertThat(api.operator().put(key.path(), jwk).status()).isEqualTo(201);
    assertThat(device().put(other.path(), other.jwk()).status()).isEqualTo(201);
    DeviceSigner third = new DeviceSigner(id, "k3");
    Caller withOther = api.token(other.token(start));
    assertThat(withOther.put(third.path(), third.jwk()).status()).isEqualTo(201);
    Caller withThird = api.token(third.token(start));
    assertThat(withThird.get("/v1/devices/" + id + "/keys").status()).isEqualTo(200);
    setClock(expires);
    for (Caller caller : List.of(device(), withOther, withThird)) {
      assertThat(caller.get("/v1/devices/" + id + "/keys").problem()).isEqualTo("token-expired");
    }
    DeviceSigner fourth = new DeviceSigner(id, "k4");
    assertThat(api.token(third.token(expires)).put(fourth.path(), fourth.jwk()).status())
        .isEqualTo(403);
  }

  @Test
  void anExpiryThatIsSetLaterCountsWhenTheCachedDecisionEnds() {
    register(api, key);
    assertThat(statusOfACall()).isEqualTo(200);
    String jwk = key.jwk().replaceFirst("}$", ",\"expires\":\"" + start.plusSeconds(60) + "\"}");
    assertThat(api.operator().put(key.path(), jwk).status()).isEqualTo(200);
    setClock(start.plus(CACHE_TIME).minus(INSTANT));
    assertThat(statusOfACall()).isEqualTo(200);
    assertThat(device().put(other.path(), other.jwk()).status()).isEqualTo(403);
    setClock(start.plus(CACHE_TIME));
    assertThat(statusOfACall()).isEqualTo(403);
  }

  @Test
  void withoutACacheARevokedKeyStopsWorkingAtOnce() throws Exception {
    try (ClockedSystem uncached = new ClockedSystem(Map.of("AuthorizerCacheSeconds", "0"), CLOCK)) {
      Api direct = uncached.api();
      register(direct, key);
      Caller caller = direct.token(token);
      assertThat(caller.get("/v1/devices/" + id + "/keys").status()).isEqualTo(200);
      revoke(direct, key);
      assertThat(caller.get("/v1/devices/" + id + "/keys").status()).isEqualTo(403);
    }
  }

  /** The other direction: a token that came too early. */
  @Test
  void aRefusedTokenStaysRefusedUntilTheCachedDecisionEnds() {
    assertThat(statusOfACall()).isEqualTo(403);
    register(api, key);
    setClock(start.plus(CACHE_TIME).minus(INSTANT));
    assertThat(statusOfACall()).isEqualTo(403);
    setClock(start.plus(CACHE_TIME));
    assertThat(statusOfACall()).isEqualTo(200);
  }

  // What is decided at each call

  @Test
  void anOwnershipEndsAtOnce() {
    Caller alice = api.user(unique("alice"));
    String owned = "/v1/user/devices/owner/" + id;
    assertThat(alice.put(owned).status()).isEqualTo(201);
    assertThat(alice.get("/v1/devices/" + id).status()).isEqualTo(200);
    assertThat(api.operator().delete("/v1/devices/" + id + "/owner").status()).isEqualTo(204);
    assertThat(api.user(unique("bob")).put(owned).status()).isEqualTo(201);
    assertThat(alice.get("/v1/devices/" + id).status()).isEqualTo(404);
  }

  @Test
  void aReplacedClaimCodeIsWrongAtOnce() {
    Caller alice = api.user(unique("alice"));
    String code = "/v1/devices/" + id + "/claimcode";
    String claim = "/v1/user/devices/owner/" + id;
    assertThat(api.operator().put(code, "{'claimcode': '%s'}".formatted(CODE)).status())
        .isEqualTo(204);
    assertThat(
            api.operator().put(code, "{'claimcode': '%s'}".formatted(NEW_CODE)).status())
        .isEqualTo(204);
    assertThat(alice.put(claim, "{'claimcode': '%s'}".formatted(CODE)).problem())
        .isEqualTo("claim-code");
    assertThat(alice.put(claim, "{'claimcode': '%s'}".formatted(NEW_CODE)).status())
        .isEqualTo(201);
  }
}
