package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.revision.Preconditions;
import java.util.Optional;

/** {@code PUT /v1/user/devices/{deviceid}}: registers a device with the user, and updates its details. */
public final class RegisterDeviceHandler extends HttpHandler {
  private final DeviceStore devices;

  public RegisterDeviceHandler() {
    this(Aws.inLambda());
  }

  public RegisterDeviceHandler(Aws aws) {
    super(aws, Kind.USER);
    this.devices = DynamoDbDeviceStore.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = request.deviceId();
    ObjectNode patch = DetailsSchema.checked(deviceId, request.jsonObject());
    Preconditions preconditions = request.preconditions();
    var change = devices.change(
        deviceId,
        Optional.of(request.caller().id()),
        before -> DetailsRule.register(before, patch, preconditions, clock().instant()));
    return DeviceResponses.of(change, !change.before().isRegistered());
  }
}
