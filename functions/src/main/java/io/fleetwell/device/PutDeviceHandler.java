package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.IfMatch;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.time.Clock;
import java.util.Optional;

/** {@code PUT /v1/devices/{deviceid}}: a device, or an operator for it, tells of it. */
public final class PutDeviceHandler extends HttpHandler {
  private final DeviceStore devices;
  private final Clock clock;

  public PutDeviceHandler() {
    this(Wiring.inLambda(PutDeviceHandler::new, RegisterDeviceHandler::new));
  }

  public PutDeviceHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.OPERATOR);
    this.devices = wiring.devices();
    this.clock = wiring.clock();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = DeviceRequests.ownDeviceId(request);
    ObjectNode patch = request.jsonObject();
    DetailsSchema.check(deviceId, patch);
    IfMatch ifMatch = request.ifMatch();
    var change = devices.change(
        deviceId, Optional.empty(), before -> before.described(patch, ifMatch, clock.instant()));
    return DeviceResponses.of(change, change.before().device().isEmpty());
  }
}
