package io.fleetwell.device;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.util.Optional;

/** {@code DELETE /v1/user/devices/{deviceid}}: a user removes their registration of a device. */
public final class UnregisterDeviceHandler extends HttpHandler {
  private final DeviceStore devices;

  public UnregisterDeviceHandler() {
    this(Aws.inLambda());
  }

  public UnregisterDeviceHandler(Aws aws) {
    super(aws, Kind.USER);
    this.devices = DynamoDbDeviceStore.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    devices.change(
        request.deviceId(),
        Optional.of(request.caller().id()),
        before -> DetailsRule.unregister(before, clock().instant()));
    return Response.noContent();
  }
}
