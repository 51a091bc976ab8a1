package io.fleetwell.keys;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.device.DeviceRequests;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.time.Clock;

/** {@code DELETE /v1/devices/{deviceid}/keys/{kid}}: a key of a device is revoked. */
public final class DeleteDeviceKeyHandler extends HttpHandler {
  private final DeviceKeyStore keys;
  private final Clock clock;

  public DeleteDeviceKeyHandler() {
    this(Wiring.inLambda(DeleteDeviceKeyHandler::new, PutDeviceKeyHandler::new));
  }

  public DeleteDeviceKeyHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.OPERATOR);
    this.keys = wiring.deviceKeys();
    this.clock = wiring.clock();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = DeviceRequests.ownDeviceId(request);
    String keyId = DeviceKey.checkId(request.pathParameter("kid"));
    keys.change(
        deviceId, before -> before.without(keyId, DeviceRequests.origin(request), clock.instant()));
    return Response.noContent();
  }
}
