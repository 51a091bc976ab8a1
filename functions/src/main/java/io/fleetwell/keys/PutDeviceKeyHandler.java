package io.fleetwell.keys;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.device.DeviceRequests;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.keys.DeviceKeyStore.Change;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** {@code PUT /v1/devices/{deviceid}/keys/{kid}}: a device gets one more public key. */
public final class PutDeviceKeyHandler extends HttpHandler {
  private final DeviceKeyStore keys;
  private final Clock clock;

  public PutDeviceKeyHandler() {
    this(Wiring.inLambda(PutDeviceKeyHandler::new));
  }

  public PutDeviceKeyHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.OPERATOR);
    this.keys = wiring.deviceKeys();
    this.clock = wiring.clock();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = DeviceRequests.ownDeviceId(request);
    String keyId = DeviceKey.checkId(request.pathParameter("kid"));
    Instant now = clock.instant();
    DeviceKey key = DeviceKeyDocument.read(request.jsonObject(), "", Optional.of(keyId), now);
    Change change =
        keys.change(deviceId, before -> before.with(key, DeviceRequests.origin(request), now));
    var json = change.after().key(keyId).orElseThrow().json();
    return change.before().key(keyId).isEmpty() ? Response.created(json) : Response.ok(json);
  }
}
