package io.fleetwell.device;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;

/** {@code GET /v1/devices/{deviceid}}: gets the details of a device. */
public final class GetDeviceHandler extends HttpHandler {
  private final DeviceReader devices;

  public GetDeviceHandler() {
    this(Aws.inLambda());
  }

  public GetDeviceHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.USER, Kind.OPERATOR, Kind.SUPPORT);
    this.devices = DynamoDbDeviceReader.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = request.deviceId();
    DeviceSnapshot snapshot = devices.read(deviceId, request.caller().userId());
    return DeviceResponses.of(snapshot.visibleTo(request.caller()));
  }
}
