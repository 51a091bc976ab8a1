package io.fleetwell.keys;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.device.DeviceRequests;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Json;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;

/** {@code GET /v1/devices/{deviceid}/keys}: a device's public keys, as a JWK set. */
public final class ListDeviceKeysHandler extends HttpHandler {
  private final DeviceKeyStore keys;

  public ListDeviceKeysHandler() {
    this(Wiring.inLambda(ListDeviceKeysHandler::new, PutDeviceKeyHandler::new));
  }

  public ListDeviceKeysHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.OPERATOR);
    this.keys = wiring.deviceKeys();
  }

  @Override
  protected Response handle(Request request) {
    KeyRing ring = keys.read(DeviceRequests.ownDeviceId(request));
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("keys");
    ring.keys().forEach(key -> list.add(key.json()));
    return Response.ok(json);
  }
}
