package io.fleetwell.device;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.telemetry.Count;
import java.time.Clock;
import java.util.Optional;

/** {@code DELETE /v1/user/devices/owner/{deviceid}}: the owner of a device gives it up. */
public final class ReleaseDeviceHandler extends HttpHandler {
  private final DeviceStore devices;
  private final Clock clock;

  public ReleaseDeviceHandler() {
    this(Wiring.inLambda(ReleaseDeviceHandler::new, ClaimDeviceHandler::new));
  }

  public ReleaseDeviceHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.USER);
    this.devices = wiring.devices();
    this.clock = wiring.clock();
  }

  @Override
  protected Response handle(Request request) {
    devices.change(
        DeviceRequests.deviceId(request),
        Optional.of(request.caller().id()),
        before -> before.released(DeviceRequests.origin(request), clock.instant()));
    return Response.noContent().counting(Count.of("Releases"));
  }
}
