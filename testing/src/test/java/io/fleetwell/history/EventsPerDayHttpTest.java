package io.fleetwell.history;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.ids.UtcDay;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.StoredItems;
import io.fleetwell.testing.StoredItems.ItemKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** No user and no device can fill the table of histories, whatever the order of their calls. */
@ExtendWith(RunningSystem.class)
class EventsPerDayHttpTest {
  private final Api api;
  private final StoredItems items;
  private final String device = unique("device");
  private final String aliceId = unique("alice");
  private final Caller alice;
  private final Caller bob;

  EventsPerDayHttpTest(Api api, Aws aws) {
    this.api = api;
    this.items = new StoredItems(aws);
    this.alice = api.user(aliceId);
    this.bob = api.user(unique("bob"));
  }

  private static String owner(String deviceId) {
    return "/v1/user/devices/owner/" + deviceId;
  }

  private static ItemKey count(String kind, String id) {
    return StoredItems.history(
        "#%s#%s".formatted(kind, id), UtcDay.of(Instant.now()).toString());
  }

  /** Lets Alice have made this many claims today, the first of them for the device. */
  private void claimsOfAlice(int claims) {
    assertThat(alice.put(owner(device)).status()).isEqualTo(201);
    items.set(count("user", aliceId), "count", AttributeValue.fromN(String.valueOf(claims)));
  }

  private List<String> events(String deviceId) {
    JsonNode history =
        api.operator().get("/v1/devices/%s/history".formatted(deviceId)).json();
    return history.path("history").findValuesAsText("event");
  }

  private static void assertTooManyClaims(Answer claim) {
    assertThat(claim.problem()).isEqualTo("too-many-attempts");
    assertThat(Integer.parseInt(claim.header("retry-after"))).isBetween(1, 86_400);
  }

  @Test
  void aUserMakesAThousandClaimsADay() {
    claimsOfAlice(HistoryStore.MAX_CLAIMS_A_DAY - 1);
    assertThat(alice.put(owner(device + "-2")).status()).isEqualTo(201);
    assertTooManyClaims(alice.put(owner(device + "-3")));
    assertThat(alice.get("/v1/user/devices/owner").json().path("devices")).hasSize(2);
    assertThat(bob.put(owner(device + "-3")).status()).isEqualTo(201);
    assertThat(events(device + "-3")).containsExactly("claimed");
  }

  @Test
  void aRefusedClaimCountsOnceADayForADevice() {
    assertThat(bob.put(owner(device + "-2")).status()).isEqualTo(201);
    assertThat(bob.put(owner(device + "-3")).status()).isEqualTo(201);
    claimsOfAlice(HistoryStore.MAX_CLAIMS_A_DAY - 1);
    assertThat(alice.put(owner(device + "-2")).problem()).isEqualTo("already-owned");
    assertThat(alice.put(owner(device + "-2")).problem()).isEqualTo("already-owned");
    assertTooManyClaims(alice.put(owner(device + "-3")));
    assertThat(events(device + "-2")).containsExactly("claim-refused", "claimed");
    assertThat(events(device + "-3")).containsExactly("claimed");
  }

  @Test
  void aUserWhoMadeTooManyClaimsStillReleases() {
    claimsOfAlice(HistoryStore.MAX_CLAIMS_A_DAY);
    assertThat(alice.delete(owner(device)).status()).isEqualTo(204);
    assertThat(events(device)).containsExactly("released", "claimed");
  }

  @Test
  void aDeviceMakesAHundredChangesADay() {
    assertThat(alice.put(owner(device)).status()).isEqualTo(201);
    Caller itself = api.device(device);
    DeviceSigner first = new DeviceSigner(device, "k1");
    assertThat(itself.put(first.path(), first.jwk()).status()).isEqualTo(201);
    items.set(
        count("device", device),
        "count",
        AttributeValue.fromN(String.valueOf(HistoryStore.MAX_CHANGES_A_DAY - 1)));
    DeviceSigner second = new DeviceSigner(device, "k2");
    assertThat(itself.put(second.path(), second.jwk()).status()).isEqualTo(201);
    Answer deletion = itself.delete(second.path());
    assertThat(deletion.problem()).isEqualTo("too-many-changes");
    assertThat(Integer.parseInt(deletion.header("retry-after"))).isBetween(1, 86_400);
    Answer code = itself.put(
        "/v1/devices/%s/claimcode".formatted(device), "{'claimcode': '7H3K-9QZM-2XW4-TD6P'}");
    assertThat(code.problem()).isEqualTo("too-many-changes");
    assertThat(itself.delete("/v1/devices/%s/owner".formatted(device)).status()).isEqualTo(204);
    assertThat(api.operator().delete(second.path()).status()).isEqualTo(204);
    assertThat(events(device))
        .containsExactly("key-revoked", "released", "key-added", "key-added", "claimed");
  }
}
