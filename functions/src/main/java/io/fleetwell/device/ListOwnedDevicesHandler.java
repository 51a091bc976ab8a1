package io.fleetwell.device;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;

/** {@code GET /v1/user/devices/owner}: the devices that the user owns. */
public final class ListOwnedDevicesHandler extends HttpHandler {
  private final DeviceStore devices;

  public ListOwnedDevicesHandler() {
    this(Wiring.inLambda(ListOwnedDevicesHandler::new, ClaimDeviceHandler::new));
  }

  public ListOwnedDevicesHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.USER);
    this.devices = wiring.devices();
  }

  @Override
  protected Response handle(Request request) {
    Paging paging = request.paging();
    return DeviceResponses.of(
        paging, devices.ownedBy(request.caller().id(), paging.position(), paging.limit()));
  }
}
