package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.RunningSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningSystem.class)
class UnregisterHttpTest {
  private final Api api;
  private final Caller alice;
  private final Caller bob;
  private final String id = unique("device");

  UnregisterHttpTest(Api api) {
    this.api = api;
    this.alice = api.user(unique("alice"));
    this.bob = api.user(unique("bob"));
  }

  private void register(Caller user, String details) {
    assertThat(user.put("/v1/user/devices/" + id, details).status()).isEqualTo(201);
  }

  private Answer unregister(Caller user) {
    return user.delete("/v1/user/devices/" + id);
  }

  private static void assertNotFound(Answer answer) {
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.problem()).isEqualTo("not-found");
  }

  @Test
  void anUnregisteredDeviceLeavesTheListAtOnce() {
    register(alice, "{'devicename': 'Kitchen'}");
    assertThat(unregister(alice).status()).isEqualTo(204);
    assertThat(alice.get("/v1/user/devices").json().path("devices")).isEmpty();
    assertNotFound(alice.get("/v1/devices/" + id));
  }

  @Test
  void aRepeatedUnregistrationIsNotFound() {
    register(alice, "{}");
    unregister(alice);
    assertNotFound(unregister(alice));
  }

  @Test
  void aDeviceThatAUserDidNotRegisterIsNotFound() {
    register(alice, "{}");
    assertNotFound(unregister(bob));
    assertThat(alice.get("/v1/devices/" + id).status()).isEqualTo(200);
  }

  @Test
  void theOwnerMustReleaseInstead() {
    register(alice, "{'devicename': 'Kitchen'}");
    alice.put("/v1/user/devices/owner/" + id);
    Answer answer = unregister(alice);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.problem()).isEqualTo("release-first");
    assertThat(alice.get("/v1/devices/" + id).json().path("devicename").asText())
        .isEqualTo("Kitchen");
  }

  @Test
  void theRecordOfAnotherUsersDeviceStaysAsItIs() {
    register(alice, "{'devicename': 'Alice'}");
    alice.put("/v1/user/devices/owner/" + id);
    register(bob, "{'devicename': 'Bob'}");
    assertThat(unregister(bob).status()).isEqualTo(204);
    assertThat(alice.get("/v1/devices/" + id).json().path("devicename").asText())
        .isEqualTo("Alice");
  }

  @Test
  void theFieldsThatOnlyThisUserWroteLeaveTheRecord() {
    api.operator().put("/v1/devices/" + id, "{'serial': 'S1'}");
    register(alice, "{'devicename': 'Alice', 'location': {'city': 'Bonn'}}");
    register(bob, "{'location': {'country': 'de'}}");
    unregister(alice);
    assertThat(api.operator().get("/v1/devices/" + id).json())
        .isEqualTo(
            json("{'deviceid': '%s', 'location': {'city': 'Bonn', 'country': 'de'}, 'serial': 'S1'}"
                .formatted(id)));
  }
}
