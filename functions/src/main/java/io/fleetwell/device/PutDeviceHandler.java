package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.Device.Source;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.revision.Preconditions;
import java.util.Optional;

/** {@code PUT /v1/devices/{deviceid}}: a device, or an operator, updates its details. */
public final class PutDeviceHandler extends HttpHandler {
  private final DeviceStore devices;

  public PutDeviceHandler() {
    this(Aws.inLambda());
  }

  public PutDeviceHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.OPERATOR);
    this.devices = DynamoDbDeviceStore.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = request.ownDeviceId();
    ObjectNode patch = DetailsSchema.checked(deviceId, request.jsonObject());
    Preconditions preconditions = request.preconditions();
    var change = devices.change(
        deviceId,
        Optional.empty(),
        before -> request.caller().isDevice()
            ? DetailsRule.tell(
                before, patch, Source.DEVICE, preconditions, clock().instant())
            : DetailsRule.edit(
                before, patch, request.actor(), preconditions, clock().instant()));
    return DeviceResponses.of(change, change.before().device().isEmpty());
  }
}
