package io.fleetwell.device;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.revision.IfMatch;
import io.fleetwell.telemetry.Metric;

/** {@code DELETE /v1/devices/{deviceid}/owner}: an operator, or the device after a factory reset, removes the owner. */
public final class TakeBackDeviceHandler extends HttpHandler {
  private final DeviceStore devices;

  public TakeBackDeviceHandler() {
    this(Aws.inLambda());
  }

  public TakeBackDeviceHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.OPERATOR);
    this.devices = DynamoDbDeviceStore.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = request.ownDeviceId();
    IfMatch ifMatch = request.ifMatch();
    devices.changeWithOwner(
        deviceId,
        before ->
            OwnershipRule.takeBack(before, ifMatch, request.actor(), clock().instant()));
    return Response.noContent().counting(Metric.of("Releases"));
  }
}
