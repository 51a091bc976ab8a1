package io.fleetwell.device;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.revision.IfMatch;
import io.fleetwell.telemetry.Metric;
import java.util.Optional;

/** {@code DELETE /v1/user/devices/owner/{deviceid}}: the owner releases a device. */
public final class ReleaseDeviceHandler extends HttpHandler {
  private final DeviceStore devices;

  public ReleaseDeviceHandler() {
    this(Aws.inLambda());
  }

  public ReleaseDeviceHandler(Aws aws) {
    super(aws, Kind.USER);
    this.devices = DynamoDbDeviceStore.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    IfMatch ifMatch = request.ifMatch();
    devices.change(
        request.deviceId(),
        Optional.of(request.caller().id()),
        before ->
            OwnershipRule.release(before, ifMatch, request.actor(), clock().instant()));
    return Response.noContent().counting(Metric.of("Releases"));
  }
}
