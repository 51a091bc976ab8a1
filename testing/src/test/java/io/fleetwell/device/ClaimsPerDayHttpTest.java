package io.fleetwell.device;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The limit on claims of one device by one user within a day of UTC. */
class ClaimsPerDayHttpTest {
  private static final int MAX = 20;
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";
  private static final String WRONG = "7H3K-9QZM-2XW4-TD6Q";

  @SuppressWarnings("NullAway.Init")
  private static ClockedSystem system;

  private final Api api = system.api();
  private final TestClock clock = system.clock();
  private final String id = unique("device");
  private Caller alice = api.nobody();

  @BeforeAll
  static void start() throws Exception {
    system = new ClockedSystem(Map.of());
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  /** The last hour of a day. */
  @BeforeEach
  void waitFor23HoursInUtc() {
    Instant now = clock.instant();
    Instant evening = now.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(47));
    clock.pass(Duration.between(now, evening));
    alice = api.user(unique("alice"));
  }

  private Answer claim(Caller user) {
    return user.put("/v1/user/devices/owner/" + id);
  }

  private Answer claim(Caller user, String code) {
    return user.put("/v1/user/devices/owner/" + id, "{'claimcode': '%s'}".formatted(code));
  }

  private void release(Caller user) {
    assertThat(user.delete("/v1/user/devices/owner/" + id).status()).isEqualTo(204);
  }

  private void useUpClaims() {
    for (int i = 0; i < MAX; i++) {
      assertThat(claim(alice, CODE).status()).isEqualTo(201);
      release(alice);
    }
  }

  private static void assertTooMany(Answer answer, int seconds) {
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.problem()).isEqualTo("too-many-attempts");
    assertThat(answer.header("retry-after")).isEqualTo(String.valueOf(seconds));
  }

  private long entries() {
    return api.operator()
        .get("/v1/devices/%s/history?limit=100".formatted(id))
        .json()
        .path("history")
        .size();
  }

  @Test
  void theTwentyFirstClaimOfADayIsRefusedUntilMidnight() {
    useUpClaims();
    assertTooMany(claim(alice), 3_600);
    clock.pass(Duration.ofSeconds(3_599));
    assertTooMany(claim(alice), 1);
    assertThat(alice.get("/v1/user/devices/owner").json().path("devices")).isEmpty();
    clock.pass(Duration.ofSeconds(1));
    assertThat(claim(alice).status()).isEqualTo(201);
  }

  @Test
  void aRightCodeIsRefusedTooAndUsesNoAttempt() {
    api.operator()
        .put("/v1/devices/%s/claimcode".formatted(id), "{'claimcode': '%s'}".formatted(CODE));
    useUpClaims();
    for (int i = 0; i < 8; i++) {
      assertTooMany(claim(alice, CODE), 3_600);
    }
    assertThat(claim(alice, WRONG).problem()).isEqualTo("claim-code");
    clock.pass(Duration.ofHours(1));
    assertThat(claim(alice, CODE).status()).isEqualTo(201);
  }

  @Test
  void otherUsersAndDevicesAreNotAffected() {
    useUpClaims();
    Caller bob = api.user(unique("bob"));
    assertThat(claim(bob).status()).isEqualTo(201);
    assertThat(claim(alice).problem()).isEqualTo("already-owned");
    release(bob);
    assertThat(alice.put("/v1/user/devices/owner/%s-2".formatted(id)).status()).isEqualTo(201);
  }

  @Test
  void refusedClaimsDoNotCount() {
    Caller bob = api.user(unique("bob"));
    claim(bob);
    for (int i = 0; i < MAX; i++) {
      assertThat(claim(alice).status()).isEqualTo(409);
    }
    release(bob);
    useUpClaims();
  }

  @Test
  void aFilledDayLeavesABoundedHistory() {
    api.device(id).put("/v1/devices/" + id, "{}");
    useUpClaims();
    for (int i = 0; i < MAX; i++) {
      assertTooMany(claim(alice), 3_600);
    }
    assertThat(entries()).isEqualTo(2 * MAX + 1);
  }

  @Test
  void ofConcurrentClaimsOneCounts() throws Exception {
    for (int i = 0; i < MAX; i++) {
      Callable<Answer> claim = () -> claim(alice);
      List<Answer> answers = AtOnce.call(Collections.nCopies(4, claim));
      assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(201, 409, 409, 409);
      release(alice);
    }
    assertTooMany(claim(alice), 3_600);
  }
}
