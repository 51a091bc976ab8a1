package io.fleetwell.keys;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.json.Json;

/** {@code GET /v1/devices/{deviceid}/keys}: lists a device's public keys, as a JWK set. */
public final class ListDeviceKeysHandler extends HttpHandler {
  private final DeviceKeyReader keys;

  public ListDeviceKeysHandler() {
    this(Aws.inLambda());
  }

  public ListDeviceKeysHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.OPERATOR, Kind.SUPPORT);
    this.keys = DynamoDbDeviceKeyReader.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    KeyRing ring = keys.read(request.ownDeviceId());
    ObjectNode json = Json.object();
    ArrayNode list = json.putArray("keys");
    ring.keys().forEach(key -> list.add(key.json()));
    return Response.ok(json);
  }
}
