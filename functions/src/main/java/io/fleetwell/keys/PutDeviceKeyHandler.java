package io.fleetwell.keys;

import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.ids.DeviceIds;
import io.fleetwell.keys.DeviceKeyStore.Change;
import java.time.Instant;
import java.util.Optional;

/** {@code PUT /v1/devices/{deviceid}/keys/{kid}}: adds a public key to a device. */
public final class PutDeviceKeyHandler extends HttpHandler {
  private final DeviceKeyStore keys;

  public PutDeviceKeyHandler() {
    this(Aws.inLambda());
  }

  public PutDeviceKeyHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.OPERATOR);
    this.keys = DynamoDbDeviceKeyStore.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = request.ownDeviceId();
    String keyId = DeviceIds.checkKeyId(request.pathParameter("kid"));
    Instant now = clock().instant();
    DeviceKey key = DeviceKeyDocument.read(request.jsonObject(), "", Optional.of(keyId), now);
    Change change = keys.change(deviceId, before -> before.with(key, request.actor(), now));
    var json = change.after().key(keyId).orElseThrow().json();
    return change.before().key(keyId).isEmpty() ? Response.created(json) : Response.ok(json);
  }
}
