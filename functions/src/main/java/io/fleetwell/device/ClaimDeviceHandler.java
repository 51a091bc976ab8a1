package io.fleetwell.device;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** {@code PUT /v1/user/devices/owner/{deviceid}}: a user becomes the owner of a device that has none. */
public final class ClaimDeviceHandler extends HttpHandler {
  private final DeviceStore devices;
  private final Clock clock;

  public ClaimDeviceHandler() {
    this(Wiring.fromEnvironment());
  }

  public ClaimDeviceHandler(Wiring wiring) {
    super(wiring.clock(), Kind.USER);
    this.devices = wiring.devices();
    this.clock = wiring.clock();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = Device.checkId(request.pathParameter("deviceid"));
    String claimId = UUID.randomUUID().toString();
    var change = devices.change(
        deviceId,
        Optional.of(request.caller().id()),
        before -> before.claimed(claimId, clock.instant()));
    return DeviceResponses.of(change, true);
  }
}
