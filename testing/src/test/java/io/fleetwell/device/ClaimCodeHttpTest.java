package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.aws.Aws;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims with codes, and the limits on wrong codes. */
class ClaimCodeHttpTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";
  private static final String WRONG = "7H3K-9QZM-2XW4-TD6Q";

  @SuppressWarnings("NullAway.Init")
  private static ClockedSystem system;

  private final Api api = system.api();
  private final TestClock clock = system.clock();
  private final Caller alice = api.user(unique("alice"));
  private final String id = unique("device");

  @BeforeAll
  static void start() throws Exception {
    system = new ClockedSystem(Map.of());
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  private Caller newUser() {
    return api.user(unique("someone"));
  }

  private static Answer claim(Caller user, String device) {
    return user.put("/v1/user/devices/owner/" + device);
  }

  private static Answer claim(Caller user, String device, String code) {
    return user.put("/v1/user/devices/owner/" + device, "{'claimcode': '%s'}".formatted(code));
  }

  private static Answer setCode(Caller caller, String device, String json) {
    return caller.put(
        "/v1/devices/%s/claimcode".formatted(device), "{'claimcode': %s}".formatted(json));
  }

  private void setCode(String device) {
    assertThat(setCode(api.operator(), device, "'" + CODE + "'").status()).isEqualTo(204);
  }

  private void useUpAttempts(Caller user, String device) {
    for (int i = 0; i < 5; i++) {
      assertThat(claim(user, device, WRONG).status()).isEqualTo(403);
    }
  }

  private static void assertNeedsCode(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.problem()).isEqualTo("claim-code");
  }

  private static void assertTooMany(Answer answer, int seconds) {
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.problem()).isEqualTo("too-many-attempts");
    assertThat(answer.header("retry-after")).isEqualTo(String.valueOf(seconds));
  }

  private static List<String> idsOf(Answer list) {
    return list.json().path("devices").findValuesAsText("deviceid");
  }

  @Test
  void aClaimWithTheRightCodeSucceeds() {
    setCode(id);
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
    assertThat(idsOf(alice.get("/v1/user/devices/owner"))).containsExactly(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " 7h3k9qzm 2xw4td6p ",
        "7H3K-9QZM-2XW4-TD6P\\n",
        "\ufeff7H3K\u20119QZM\u20132XW4\u00a0TD6P\\r\\n",
        "7H3K_9QZM.2XW4\\u0000TD6P\u00c4",
      })
  void onlyLettersAndDigitsOfACodeCount(String typed) {
    setCode(id);
    assertThat(claim(alice, id, typed).status()).isEqualTo(201);
  }

  @Test
  void onlyLettersAndDigitsOfANewCodeCount() {
    String printed = "'\u201c7H3K\u20119QZM\u20132XW4\u00a0TD6P\u201d\\n'";
    assertThat(setCode(api.operator(), id, printed).status()).isEqualTo(204);
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  @Test
  void aClaimWithAWrongCodeIsRefused() {
    setCode(id);
    assertNeedsCode(claim(alice, id, WRONG));
    assertThat(idsOf(alice.get("/v1/user/devices/owner"))).isEmpty();
    assertThat(idsOf(alice.get("/v1/user/devices"))).isEmpty();
    assertThat(alice.get("/v1/devices/" + id).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{}", "{'claimcode': null}"})
  void aClaimWithoutACodeIsRefusedAndNotCounted(String body) {
    setCode(id);
    for (int i = 0; i < 25; i++) {
      assertNeedsCode(alice.put("/v1/user/devices/owner/" + id, body));
    }
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  @Test
  void aWrongCodeIsRefusedLikeAMissingCode() {
    setCode(id);
    assertThat(withoutRequest(claim(alice, id, WRONG))).isEqualTo(withoutRequest(claim(alice, id)));
  }

  private static String withoutRequest(Answer answer) {
    return answer.status()
        + answer.header("retry-after")
        + answer.text().replace(answer.json().path("requestid").asText(), "");
  }

  @Test
  void theSixthAttemptOfAUserForADeviceIsRefusedEvenWithTheRightCode() {
    setCode(id);
    useUpAttempts(alice, id);
    assertTooMany(claim(alice, id, WRONG), 3_600);
    assertTooMany(claim(alice, id, CODE), 3_600);
    setCode(id + "-2");
    assertThat(claim(alice, id + "-2", CODE).status()).isEqualTo(201);
  }

  @Test
  void wrongCodesOfOthersDoNotRefuseARightOne() {
    setCode(id);
    for (int i = 0; i < 5; i++) {
      useUpAttempts(newUser(), id);
    }
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  @Test
  void theRetryTimeIsTheRestOfTheHour() {
    setCode(id);
    claim(alice, id, WRONG);
    clock.pass(Duration.ofMinutes(20));
    for (int i = 0; i < 4; i++) {
      claim(alice, id, WRONG);
    }
    assertTooMany(claim(alice, id, CODE), 2_400);
    clock.pass(Duration.ofSeconds(2_399));
    assertTooMany(claim(alice, id, WRONG), 1);
    clock.pass(Duration.ofSeconds(1));
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  @Test
  void aClaimAfterTheRetryTimeSucceeds() {
    clock.pass(Duration.ofMillis(600));
    setCode(id);
    useUpAttempts(alice, id);
    int wait = Integer.parseInt(claim(alice, id, CODE).header("retry-after"));
    assertThat(wait).isBetween(3_590, 3_600);
    clock.pass(Duration.ofSeconds(wait));
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
    clock.pass(Duration.ofMillis(400));
  }

  @Test
  void aUserHasFiveAttemptsForADeviceAgainAfterAnHour() {
    setCode(id);
    useUpAttempts(alice, id);
    clock.pass(Duration.ofHours(1));
    useUpAttempts(alice, id);
    assertTooMany(claim(alice, id, CODE), 3_600);
  }

  @Test
  void aUserHasTwentyWrongCodesOverAllDevices() {
    for (int i = 0; i < 20; i++) {
      setCode("%s-%d".formatted(id, i / 4));
      assertNeedsCode(claim(alice, "%s-%d".formatted(id, i / 4), WRONG));
    }
    setCode(id);
    assertTooMany(claim(alice, id, CODE), 3_600);
    assertThat(claim(newUser(), id, CODE).status()).isEqualTo(201);
    setCode(id + "-next");
    clock.pass(Duration.ofHours(1));
    assertThat(claim(alice, id + "-next", CODE).status()).isEqualTo(201);
  }

  @Test
  void rightCodesDoNotUseAttemptsOfAUser() {
    for (int i = 0; i < 30; i++) {
      String device = "%s-%d".formatted(id, i);
      setCode(device);
      assertThat(claim(alice, device, CODE).status()).isEqualTo(201);
    }
  }

  @Test
  void rightCodesDoNotUseAttemptsAtADevice() {
    setCode(id);
    for (int i = 0; i < 8; i++) {
      assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
      assertThat(alice.delete("/v1/user/devices/owner/" + id).status()).isEqualTo(204);
    }
  }

  @Test
  void aRightCodeDoesNotResetTheCountOfWrongOnes() {
    setCode(id);
    for (int i = 0; i < 4; i++) {
      claim(alice, id, WRONG);
    }
    claim(alice, id, CODE);
    alice.delete("/v1/user/devices/owner/" + id);
    assertNeedsCode(claim(alice, id, WRONG));
    assertTooMany(claim(alice, id, CODE), 3_600);
  }

  @Test
  void aRightCodeForAStaleRevisionUsesNoAttempt() {
    setCode(id);
    for (int i = 0; i < 6; i++) {
      assertThat(claim(alice.with("if-match", "\"another\""), id, CODE).status())
          .isEqualTo(412);
    }
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  @Test
  void aWrongCodeForAStaleRevisionCounts() {
    setCode(id);
    useUpAttempts(alice.with("if-match", "\"another\""), id);
    assertTooMany(claim(alice, id, CODE), 3_600);
  }

  @Test
  void aDeviceWithoutACodeIsClaimedWithoutOne() {
    assertThat(claim(alice, id).status()).isEqualTo(201);
  }

  @Test
  void aDeviceWithoutACodeIsClaimedWithAnyCode() {
    for (int i = 0; i < 25; i++) {
      assertThat(claim(alice, "%s-%d".formatted(id, i), WRONG).status()).isEqualTo(201);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "'7H3K-9QZM-2XW4-TD6P'",
        "null",
        "{'claimcode': 12345678901234567890}",
        "{'claimcode': ['7H3K-9QZM-2XW4-TD6P']}",
        "{'claimcode': {}}",
        "{'claimcode': true}",
        "{'claimcode': '7H3K', 'claimcode': '7H3K'}",
        "{'claimcode': '7H3K-9QZM-2XW4-TD6P'",
        "{'claimcode': '7H3K-9QZM-2XW4-TD6P",
        "{'claimcode': X7H3K-9QZM-2XW4-TD6P}",
        "X9QZM2XW4TD6P",
        "{'claimcode': '7H3K-9QZM-2XW4-TD6P'} X9QZM",
        "{'code': '7H3K-9QZM-2XW4-TD6P'}",
        "{'claimcode': '7H3K-9QZM-2XW4-TD6P', 'more': 1}",
      })
  void anInvalidBodyIsRefusedAndNotCounted(String body) {
    setCode(id);
    for (int i = 0; i < 6; i++) {
      Answer answer = alice.put("/v1/user/devices/owner/" + id, body);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text()).doesNotContain("9QZM");
    }
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  @Test
  void anOverlongCodeIsRefused() {
    setCode(id);
    assertNeedsCode(claim(alice, id, "0a1b".repeat(32)));
    assertNeedsCode(claim(alice, id, "0a1b".repeat(32) + "2"));
  }

  @Test
  void anOwnedDeviceIsAConflictDespiteAnOverlongCode() {
    setCode(id);
    claim(alice, id, CODE);
    assertThat(claim(api.user(unique("bob")), id, "0a1b".repeat(1_000)).status())
        .isEqualTo(409);
  }

  @Test
  void aClaimBodyMustBeJson() {
    byte[] body = "{\"claimcode\":\"%s\"}".formatted(CODE).getBytes(StandardCharsets.UTF_8);
    Answer answer =
        alice.with("content-type", "text/plain").send("PUT", "/v1/user/devices/owner/" + id, body);
    assertThat(answer.status()).isEqualTo(415);
    assertThat(claim(newUser(), id).status()).isEqualTo(201);
  }

  @Test
  void aLargeClaimBodyIsTooLarge() {
    assertThat(claim(alice, id, "a".repeat(70_000)).status()).isEqualTo(413);
    assertThat(claim(newUser(), id).status()).isEqualTo(201);
  }

  @Test
  void ownershipIsCheckedBeforeTheClaimCode() {
    setCode(id);
    claim(alice, id, CODE);
    for (Caller user : List.of(alice, newUser())) {
      for (int i = 0; i < 7; i++) {
        assertThat(claim(user, id, WRONG).problem()).isEqualTo("already-owned");
      }
      assertThat(claim(user, id).problem()).isEqualTo("already-owned");
      assertThat(claim(user, id, CODE).json().path("yours").asBoolean()).isEqualTo(user == alice);
    }
    alice.delete("/v1/user/devices/owner/" + id);
    assertThat(claim(newUser(), id, CODE).status()).isEqualTo(201);
  }

  @Test
  void ownershipIsCheckedBeforeTheAttempts() {
    setCode(id);
    useUpAttempts(alice, id);
    setCode(api.operator(), id, "null");
    assertThat(claim(alice, id).status()).isEqualTo(201);
    setCode(id);
    for (String code : List.of(CODE, WRONG)) {
      Answer answer = claim(alice, id, code);
      assertThat(answer.status()).isEqualTo(409);
      assertThat(answer.json().path("yours")).isEqualTo(json("true"));
    }
    assertThat(claim(newUser(), id, CODE).json().path("yours")).isEqualTo(json("false"));
  }

  @Test
  void aThousandConcurrentWrongCodesClaimNothingAndLockOutNobodyElse() throws Exception {
    setCode(id);
    List<Caller> users = IntStream.range(0, 50).mapToObj(i -> newUser()).toList();
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Integer> statuses = new ArrayList<>();
    try {
      List<Future<Integer>> answers = IntStream.range(0, 1_000)
          .mapToObj(i -> threads.submit(() -> claim(
                  users.get(i % 50), id, "%04d-%s".formatted(i, WRONG.substring(5)))
              .status()))
          .toList();
      for (Future<Integer> answer : answers) {
        statuses.add(answer.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(statuses).containsOnly(403, 429);
    assertThat(statuses.stream().filter(status -> status == 403)).hasSize(5 * users.size());
    for (Caller user : users) {
      assertTooMany(claim(user, id, CODE), 3_600);
    }
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  /** The right code comes while the attempts of others are being counted. */
  @Test
  void aRightCodeAmongConcurrentWrongOnesOfOthersSucceeds() throws Exception {
    setCode(id);
    List<Callable<Answer>> calls = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Caller someone = newUser();
      calls.add(() -> claim(someone, id, WRONG));
    }
    calls.add(() -> claim(alice, id, CODE));
    List<Answer> answers = AtOnce.call(calls);
    assertThat(answers.get(40).status()).isEqualTo(201);
    assertThat(answers.subList(0, 40)).extracting(Answer::status).isSubsetOf(403, 409);
  }

  @Test
  void ofFiveConcurrentRightCodesOneSucceedsAndNoneIsCounted() throws Exception {
    setCode(id);
    List<Caller> users = IntStream.range(0, 5).mapToObj(i -> newUser()).toList();
    for (int round = 0; round < 6; round++) {
      List<Integer> statuses = new ArrayList<>();
      ExecutorService threads = Executors.newFixedThreadPool(5);
      try {
        List<Future<Integer>> answers = users.stream()
            .map(user -> threads.submit(() -> claim(user, id, CODE).status()))
            .toList();
        for (Future<Integer> answer : answers) {
          statuses.add(answer.get());
        }
      } finally {
        threads.shutdownNow();
      }
      assertThat(statuses).containsExactlyInAnyOrder(201, 409, 409, 409, 409);
      assertThat(api.operator().delete("/v1/devices/%s/owner".formatted(id)).status())
          .isEqualTo(204);
    }
  }

  @Test
  void aDeviceSetsItsOwnCode() {
    assertThat(setCode(api.device(id), id, "'" + CODE + "'").status()).isEqualTo(204);
    assertNeedsCode(claim(alice, id));
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  @Test
  void aNewCodeReplacesTheOldOne() {
    setCode(id);
    setCode(api.device(id), id, "'" + WRONG + "'");
    assertNeedsCode(claim(alice, id, CODE));
    assertThat(claim(alice, id, WRONG).status()).isEqualTo(201);
  }

  @Test
  void aRemovedCodeIsNotRequired() {
    setCode(id);
    assertThat(setCode(api.operator(), id, "null").status()).isEqualTo(204);
    assertThat(claim(alice, id).status()).isEqualTo(201);
  }

  @Test
  void changesOfTheCodeDoNotChangeTheOwner() {
    claim(alice, id);
    setCode(id);
    setCode(api.operator(), id, "null");
    assertThat(idsOf(alice.get("/v1/user/devices/owner"))).containsExactly(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'1234567890123456789'",
        "'0123456789abcde'",
        "'0123456789az'",
        "''",
        "'00000000000000000000000'",
        "'7H3K-9QZM-2XW4-TD6P\u00c4'",
        "'7H3K-9QZM-2XW4-TD6\u0420'",
        "'1234_5678_9012_3456_789'",
        "12345678901234567890",
        "['7H3K-9QZM-2XW4-TD6P']",
        "false",
      })
  void aWeakCodeIsRefused(String weak) {
    Answer answer = setCode(api.operator(), id, weak);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().path("errors").path(0).path("pointer").asText())
        .isEqualTo("/claimcode");
    assertThat(claim(alice, id).status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{'claimcode': '7H3K-9QZM-2XW4-TD6P', 'more': 1}",
        "{'claimcode': '7H3K-9QZM-2XW4-TD6P'",
        "{'claimcode': X7H3K-9QZM-2XW4-TD6P}",
        "X9QZM2XW4TD6P",
      })
  void anInvalidBodyDoesNotChangeTheCode(String body) {
    setCode(id);
    Answer answer = api.operator().put("/v1/devices/%s/claimcode".formatted(id), body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).doesNotContain("9QZM");
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  @Test
  void aCodeMustBeSentAsSmallJson() {
    byte[] body = "{\"claimcode\":null}".getBytes(StandardCharsets.UTF_8);
    Answer answer = api.operator()
        .with("content-type", "text/plain")
        .send("PUT", "/v1/devices/%s/claimcode".formatted(id), body);
    assertThat(answer.status()).isEqualTo(415);
    assertThat(setCode(api.operator(), id, "'" + "a".repeat(70_000) + "'").status())
        .isEqualTo(413);
  }

  @Test
  void aCodeForAMalformedDeviceidIsRefused() {
    assertThat(setCode(api.operator(), "firmware", "null").status()).isEqualTo(400);
    assertThat(setCode(api.operator(), "a%20b", "null").status()).isEqualTo(400);
  }

  @Test
  void noResponseShowsTheCodeOrItsHash() {
    setCode(id);
    ClaimCode kept = storedCodeOf(id);
    List<Answer> answers = new ArrayList<>();
    answers.add(claim(alice, id, WRONG));
    answers.add(claim(alice, id, CODE));
    answers.add(claim(alice, id, CODE));
    answers.add(alice.get("/v1/user/devices/owner"));
    answers.add(alice.get("/v1/user/devices"));
    for (Caller caller : List.of(alice, api.device(id), api.operator())) {
      answers.add(caller.get("/v1/devices/" + id));
    }
    answers.add(api.operator().get("/v1/devices/%s/history".formatted(id)));
    answers.add(setCode(api.operator(), id, "'9QZM-weak'"));
    for (Answer answer : answers) {
      assertThat(answer.text())
          .doesNotContainIgnoringCase("9QZM")
          .doesNotContain(kept.hash(), kept.salt())
          .doesNotContainIgnoringCase("salt");
    }
  }

  private static ClaimCode storedCodeOf(String device) {
    try (Aws aws = system.aws()) {
      return DynamoDbDeviceStore.from(aws)
          .read(device, Optional.empty())
          .device()
          .flatMap(Device::claimCode)
          .orElseThrow();
    }
  }
}
