package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A deployment in which every claim requires a claim code. */
class RequireClaimCodeHttpTest {
  private static final String CODE = "7H3K-9QZM-2XW4-TD6P";
  private static final String WRONG = "7H3K-9QZM-2XW4-TD6Q";

  @SuppressWarnings("NullAway.Init")
  private static ClockedSystem system;

  private final Api api = system.api();
  private final Caller alice = api.user(unique("alice"));
  private final String id = unique("device");

  @BeforeAll
  static void start() throws Exception {
    system = new ClockedSystem(Map.of("RequireClaimCode", "true"));
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  private static Answer claim(Caller user, String device, String code) {
    return user.put("/v1/user/devices/owner/" + device, "{'claimcode': '%s'}".formatted(code));
  }

  private void setCode(String device) {
    Answer answer = api.operator()
        .put("/v1/devices/%s/claimcode".formatted(device), "{'claimcode': '%s'}".formatted(CODE));
    assertThat(answer.status()).isEqualTo(204);
  }

  @Test
  void aDeviceWithoutACodeCannotBeClaimed() {
    api.device(id).put("/v1/devices/" + id, "{'volume': 1}");
    assertThat(alice.put("/v1/user/devices/owner/" + id).problem()).isEqualTo("claim-code");
    assertThat(claim(alice, id, CODE).problem()).isEqualTo("claim-code");
    assertThat(alice.get("/v1/user/devices/owner").json().path("devices")).isEmpty();
  }

  @Test
  void aClaimWithTheRightCodeSucceeds() {
    setCode(id);
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
    assertThat(claim(alice, id, WRONG).json().path("yours")).isEqualTo(json("true"));
  }

  @Test
  void aRegistrationNeedsNoCode() {
    assertThat(alice.put("/v1/user/devices/" + id, "{}").status()).isEqualTo(201);
  }

  /** Claims a device again and again as one new user, and returns the responses without ids. */
  private List<String> claimRepeatedly(String device) {
    return claimRepeatedly(api.user(unique("someone")), device);
  }

  private static List<String> claimRepeatedly(Caller user, String device) {
    List<String> responses = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      responses.add(withoutIds(claim(user, device, WRONG), device));
    }
    responses.add(withoutIds(user.put("/v1/user/devices/owner/" + device), device));
    Caller careful = user.with("if-match", "*");
    responses.add(withoutIds(careful.put("/v1/user/devices/owner/" + device), device));
    return responses;
  }

  private static String withoutIds(Answer answer, String device) {
    return "%d %s %s"
        .formatted(
            answer.status(),
            answer.header("retry-after"),
            answer
                .text()
                .replace(answer.json().path("requestid").asText(), "")
                .replace(device, ""));
  }

  @Test
  void aRefusedClaimDoesNotRevealWhetherADeviceExists() {
    String none = unique("none");
    String withoutCode = unique("without");
    String registered = unique("registered");
    api.device(withoutCode).put("/v1/devices/" + withoutCode, "{'volume': 1}");
    alice.put("/v1/user/devices/" + registered, "{}");
    setCode(id);
    List<String> responses = claimRepeatedly(none);
    assertThat(claimRepeatedly(withoutCode)).isEqualTo(responses);
    assertThat(claimRepeatedly(registered)).isEqualTo(responses);
    assertThat(claimRepeatedly(id)).isEqualTo(responses);
    assertThat(responses)
        .extracting(it -> it.substring(0, 3))
        .containsExactly("403", "403", "403", "403", "403", "429", "429", "403", "403");
  }

  @Test
  void claimsOfAnUnknownDeviceCreateNoRecord() {
    claimRepeatedly(id);
    assertThat(api.operator().get("/v1/devices/" + id).status()).isEqualTo(404);
  }

  @Test
  void attemptsBeforeTheCodeIsSetExpireAfterAnHour() {
    claimRepeatedly(alice, id);
    setCode(id);
    assertThat(claim(alice, id, CODE).header("retry-after")).isEqualTo("3600");
    system.clock().pass(Duration.ofHours(1));
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }

  @Test
  void aReleasedDeviceRequiresItsCode() {
    setCode(id);
    claim(alice, id, CODE);
    alice.delete("/v1/user/devices/owner/" + id);
    assertThat(alice.put("/v1/user/devices/owner/" + id).problem()).isEqualTo("claim-code");
    assertThat(claim(alice, id, CODE).status()).isEqualTo(201);
  }
}
