package io.fleetwell.keys;

import static io.fleetwell.local.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.local.Api;
import io.fleetwell.local.DeviceSigner;
import io.fleetwell.local.RunningSystem;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningSystem.class)
class DeviceKeysHttpTest {
  private final Api api;
  private final String id = unique("device");

  DeviceKeysHttpTest(Api api) {
    this.api = api;
  }

  @Test
  void aDeviceCallsWithATokenThatItSignedItself() {
    DeviceSigner device = new DeviceSigner(id, "factory");
    assertThat(api.operator().put(device.path(), device.jwk()).status()).isEqualTo(201);
    String token = device.token(Instant.now());
    assertThat(api.token(token).put("/v1/devices/" + id, "{'volume': 1}").status())
        .isEqualTo(201);
    assertThat(api.token(token).get("/v1/devices/another").status()).isEqualTo(404);
  }
}
