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

/** {@code PUT /v1/user/devices/{deviceid}}: an app registers a device with its user, and tells of it. */
public final class RegisterDeviceHandler extends HttpHandler {
  private final DeviceStore devices;
  private final Clock clock;

  public RegisterDeviceHandler() {
    this(Wiring.inLambda(RegisterDeviceHandler::new, PutDeviceHandler::new));
  }

  public RegisterDeviceHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.USER);
    this.devices = wiring.devices();
    this.clock = wiring.clock();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = Device.checkId(request.pathParameter("deviceid"));
    ObjectNode patch = request.jsonObject();
    DetailsSchema.check(deviceId, patch);
    IfMatch ifMatch = request.ifMatch();
    var change = devices.change(
        deviceId,
        Optional.of(request.caller().id()),
        before -> before.registered(patch, ifMatch, clock.instant()));
    return DeviceResponses.of(
        change, change.before().registration().flatMap(Registration::details).isEmpty());
  }
}
