package io.fleetwell.device;

import static io.fleetwell.testing.Api.json;
import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.ClockedSystem;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A deployment in which users create no records: to them, an unknown id is like one that someone else owns. */
class KnownDevicesOnlyHttpTest {
  @SuppressWarnings("NullAway.Init")
  private static ClockedSystem system;

  private final Api api = system.api();
  private final Caller alice = api.user(unique("alice"));
  private final String unknown = unique("device");
  private final String owned = unique("device");

  @BeforeAll
  static void start() throws Exception {
    system = new ClockedSystem(Map.of("KnownDevicesOnly", "true"));
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  private void someoneOwnsADevice() {
    api.device(owned).put("/v1/devices/" + owned, "{}");
    assertThat(api.user(unique("owner")).put("/v1/user/devices/owner/" + owned).status())
        .isEqualTo(201);
  }

  @Test
  void anUnknownDeviceLooksLikeOneThatSomeoneElseOwns() {
    someoneOwnsADevice();
    Stream<Function<String, Answer>> calls = Stream.of(
        id -> alice.put("/v1/user/devices/" + id, "{'note': 1}"),
        id -> alice.get("/v1/devices/" + id),
        id -> alice.get("/v1/devices/firmware?deviceid=" + id),
        id -> alice.put("/v1/user/devices/owner/" + id),
        id -> alice.delete("/v1/user/devices/owner/" + id),
        id -> alice.put("/v1/user/devices/" + id, "{'note': 2}"),
        id -> alice.delete("/v1/user/devices/" + id));
    assertThat(calls).allSatisfy(call -> {
      Answer ofUnknown = call.apply(unknown);
      Answer ofOwned = call.apply(owned);
      assertThat(ofUnknown.status()).isEqualTo(ofOwned.status());
      assertThat(withoutId(ofUnknown, unknown)).isEqualTo(withoutId(ofOwned, owned));
    });
  }

  private static String withoutId(Answer answer, String id) {
    return answer.text().replace(id, "ID").replaceAll("\"requestid\":\"[^\"]*\"", "");
  }

  @Test
  void aRegistrationOfAnUnknownDeviceIsKeptAndCreatesNoRecord() {
    assertThat(alice.put("/v1/user/devices/" + unknown, "{'note': 1}").status()).isEqualTo(201);
    assertThat(alice.get("/v1/user/devices").json().at("/devices/0/note")).isEqualTo(json("1"));
    assertThat(api.operator().get("/v1/devices/" + unknown).status()).isEqualTo(404);
  }

  @Test
  void aDeviceThatSpokeCanBeRegisteredAndClaimed() {
    api.device(unknown).put("/v1/devices/" + unknown, "{}");
    assertThat(alice.put("/v1/user/devices/" + unknown, "{'note': 1}").status()).isEqualTo(201);
    assertThat(alice.get("/v1/devices/" + unknown).status()).isEqualTo(200);
    assertThat(alice.put("/v1/user/devices/owner/" + unknown).status()).isEqualTo(201);
  }
}
