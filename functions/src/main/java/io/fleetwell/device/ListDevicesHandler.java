package io.fleetwell.device;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.ListHandler;
import io.fleetwell.http.Paging;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.util.Optional;

/** {@code GET /v1/user/devices}: lists the devices that the user registered or owns. */
public final class ListDevicesHandler extends ListHandler<DevicePosition> {
  private final DeviceReader devices;

  public ListDevicesHandler() {
    this(Aws.inLambda());
  }

  public ListDevicesHandler(Aws aws) {
    super(aws, Kind.USER);
    this.devices = DynamoDbDeviceReader.from(aws);
  }

  @Override
  protected Optional<DevicePosition> position(String text) {
    return DevicePosition.parse(text);
  }

  @Override
  protected Response page(Request request, Paging<DevicePosition> paging) {
    return DeviceResponses.of(
        paging, devices.registeredBy(request.caller().id(), paging.position(), paging.limit()));
  }
}
