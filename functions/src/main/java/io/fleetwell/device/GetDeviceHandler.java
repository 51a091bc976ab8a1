package io.fleetwell.device;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;

/** {@code GET /v1/devices/{deviceid}}: what is known of a device. */
public final class GetDeviceHandler extends HttpHandler {
  private final DeviceStore devices;

  public GetDeviceHandler() {
    this(Wiring.inLambda(GetDeviceHandler::new, RegisterDeviceHandler::new));
  }

  public GetDeviceHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = wiring.devices();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = Device.checkId(request.pathParameter("deviceid"));
    DeviceSnapshot snapshot = devices.read(deviceId, request.caller().userId());
    return DeviceResponses.of(snapshot.visibleTo(request.caller()));
  }
}
