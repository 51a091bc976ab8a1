package io.fleetwell.device;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;

/** {@code GET /v1/user/devices}: the devices that the user registered or owns. */
public final class ListDevicesHandler extends HttpHandler {
  private final DeviceStore devices;

  public ListDevicesHandler() {
    this(Wiring.inLambda(ListDevicesHandler::new, RegisterDeviceHandler::new));
  }

  public ListDevicesHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.USER);
    this.devices = wiring.devices();
  }

  @Override
  protected Response handle(Request request) {
    Paging paging = request.paging();
    return DeviceResponses.of(
        paging, devices.registeredBy(request.caller().id(), paging.position(), paging.limit()));
  }
}
