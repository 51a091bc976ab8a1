package io.fleetwell.device;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A deployment in which a user may have three devices. */
class DevicesPerUserHttpTest {
  @SuppressWarnings("NullAway.Init")
  private static ClockedSystem system;

  private final Api api = system.api();
  private final Caller alice = api.user(unique("alice"));
  private final List<String> ids =
      IntStream.range(0, 5).mapToObj(i -> unique("device")).toList();

  @BeforeAll
  static void start() throws Exception {
    system = new ClockedSystem(Map.of("MaxDevicesPerUser", "3"));
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  private static Answer register(Caller user, String id) {
    return user.put("/v1/user/devices/" + id, "{'volume': 1}");
  }

  private static Answer claim(Caller user, String id) {
    return user.put("/v1/user/devices/owner/" + id);
  }

  private void registerThree() {
    assertThat(register(alice, ids.get(0)).status()).isEqualTo(201);
    assertThat(register(alice, ids.get(1)).status()).isEqualTo(201);
    assertThat(claim(alice, ids.get(2)).status()).isEqualTo(201);
  }

  private int devices() {
    return alice.get("/v1/user/devices").json().path("devices").size();
  }

  private static void assertTooMany(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.problem()).isEqualTo("too-many-devices");
  }

  @Test
  void aFourthDeviceCanNeitherBeRegisteredNorClaimed() {
    registerThree();
    assertTooMany(register(alice, ids.get(3)));
    assertTooMany(claim(alice, ids.get(3)));
    assertThat(devices()).isEqualTo(3);
    assertThat(api.operator().get("/v1/devices/" + ids.get(3)).status()).isEqualTo(404);
    assertThat(claim(api.user(unique("bob")), ids.get(3)).status()).isEqualTo(201);
  }

  @Test
  void aUserAtTheLimitCanChangeAndClaimTheirDevices() {
    registerThree();
    assertThat(register(alice, ids.get(0)).status()).isEqualTo(200);
    assertThat(claim(alice, ids.get(0)).status()).isEqualTo(201);
    assertThat(register(alice, ids.get(2)).status()).isEqualTo(201);
  }

  @Test
  void aRegisteredDeviceOfAnotherOwnerCounts() {
    assertThat(claim(api.user(unique("bob")), ids.get(3)).status()).isEqualTo(201);
    assertThat(register(alice, ids.get(3)).status()).isEqualTo(201);
    assertThat(register(alice, ids.get(0)).status()).isEqualTo(201);
    assertThat(register(alice, ids.get(1)).status()).isEqualTo(201);
    assertTooMany(register(alice, ids.get(2)));
  }

  @Test
  void aReleaseFreesAPlace() {
    registerThree();
    assertThat(alice.delete("/v1/user/devices/owner/" + ids.get(2)).status()).isEqualTo(204);
    assertThat(register(alice, ids.get(3)).status()).isEqualTo(201);
    assertTooMany(register(alice, ids.get(4)));
  }

  @Test
  void anUnregistrationFreesAPlace() {
    registerThree();
    assertThat(alice.delete("/v1/user/devices/" + ids.get(0)).status()).isEqualTo(204);
    assertThat(register(alice, ids.get(3)).status()).isEqualTo(201);
    assertTooMany(register(alice, ids.get(4)));
  }

  @Test
  void aReleaseByTheOperatorFreesAPlace() {
    registerThree();
    Answer takenBack = api.operator().delete("/v1/devices/%s/owner".formatted(ids.get(2)));
    assertThat(takenBack.status()).isEqualTo(204);
    assertThat(claim(alice, ids.get(3)).status()).isEqualTo(201);
    assertTooMany(register(alice, ids.get(4)));
  }

  @Test
  void concurrentRegistrationsCannotExceedTheLimit() {
    List<Integer> statuses =
        ids.parallelStream().map(id -> register(alice, id).status()).toList();
    assertThat(statuses).containsOnly(201, 403).filteredOn(it -> it == 201).hasSize(3);
    assertThat(devices()).isEqualTo(3);
  }

  @Test
  void concurrentRegistrationsOfOneDeviceCountOnce() {
    List<Integer> statuses = IntStream.range(0, 8)
        .parallel()
        .mapToObj(i -> register(alice, ids.get(0)).status())
        .toList();
    assertThat(statuses).containsOnly(200, 201);
    assertThat(register(alice, ids.get(1)).status()).isEqualTo(201);
    assertThat(register(alice, ids.get(2)).status()).isEqualTo(201);
    assertTooMany(register(alice, ids.get(3)));
  }
}
