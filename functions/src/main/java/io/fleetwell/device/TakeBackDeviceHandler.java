package io.fleetwell.device;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.telemetry.Count;
import java.time.Clock;

/** {@code DELETE /v1/devices/{deviceid}/owner}: an operator, or the device after a factory reset, ends its ownership. */
public final class TakeBackDeviceHandler extends HttpHandler {
  private final DeviceStore devices;
  private final Clock clock;

  public TakeBackDeviceHandler() {
    this(Wiring.inLambda(TakeBackDeviceHandler::new, ClaimDeviceHandler::new));
  }

  public TakeBackDeviceHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.OPERATOR);
    this.devices = wiring.devices();
    this.clock = wiring.clock();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = DeviceRequests.ownDeviceId(request);
    devices.changeWithOwner(
        deviceId, before -> before.takenBack(DeviceRequests.origin(request), clock.instant()));
    return Response.noContent().counting(Count.of("Releases"));
  }
}
