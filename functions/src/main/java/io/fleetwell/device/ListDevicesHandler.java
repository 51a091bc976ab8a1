package io.fleetwell.device;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.util.Set;

/** {@code GET /v1/user/devices}: lists the devices that the user registered or owns. */
public final class ListDevicesHandler extends HttpHandler {
  private final DeviceReader devices;

  public ListDevicesHandler() {
    this(Aws.inLambda());
  }

  public ListDevicesHandler(Aws aws) {
    super(aws, Kind.USER);
    this.devices = DynamoDbDeviceReader.from(aws);
  }

  @Override
  protected Set<String> parameters() {
    return Paging.PARAMETERS;
  }

  @Override
  protected Response handle(Request request) {
    Paging paging = request.paging();
    return DeviceResponses.of(
        paging, devices.registeredBy(request.caller().id(), paging.position(), paging.limit()));
  }
}
