package io.fleetwell.keys;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.ids.DeviceIds;

/** {@code DELETE /v1/devices/{deviceid}/keys/{kid}}: revokes a key of a device. */
public final class DeleteDeviceKeyHandler extends HttpHandler {
  private final DeviceKeyStore keys;

  public DeleteDeviceKeyHandler() {
    this(Aws.inLambda());
  }

  public DeleteDeviceKeyHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.OPERATOR);
    this.keys = DynamoDbDeviceKeyStore.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = request.ownDeviceId();
    String keyId = DeviceIds.checkKeyId(request.pathParameter("kid"));
    keys.change(
        deviceId, before -> before.without(keyId, request.actor(), clock().instant()));
    return Response.noContent();
  }
}
