package io.fleetwell.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.ClaimCodeChanges;
import io.fleetwell.device.DynamoDbDeviceStore;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.ids.DeviceIds;
import io.fleetwell.json.Json;
import io.fleetwell.keys.DeviceKeyStore.Change;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * {@code POST /v1/devices/keys}: the factory registers the devices that it has made, one on each line.
 *
 * <p>Nothing that exists is changed: neither the expiry of a key nor another claim code (409). Revoked keys are not kept,
 * so a call that is repeated much later restores a key that was revoked since. A call of 500 lines makes up to 2,500 calls
 * to DynamoDB.
 */
public final class ImportDeviceKeysHandler extends HttpHandler {
  private static final Set<String> FIELDS = Set.of("deviceid", "key", ClaimCodeChanges.FIELD);

  private final DeviceKeyStore keys;
  private final ClaimCodeChanges claimCodes;

  public ImportDeviceKeysHandler() {
    this(Aws.inLambda());
  }

  public ImportDeviceKeysHandler(Aws aws) {
    super(aws, Kind.OPERATOR);
    this.keys = DynamoDbDeviceKeyStore.from(aws);
    this.claimCodes = new ClaimCodeChanges(DynamoDbDeviceStore.from(aws), aws.clock());
  }

  private record NewDevice(String deviceId, DeviceKey key, Optional<String> claimCode) {}

  @Override
  protected Response handle(Request request) {
    Instant now = clock().instant();
    Actor actor = request.actor();
    return request
        .jsonLines()
        .answerEach(
            line -> read(line, now), NewDevice::deviceId, device -> register(device, actor, now));
  }

  private static NewDevice read(ObjectNode line, Instant now) {
    Json.requireKnown(line, FIELDS);
    JsonNode deviceId = line.path("deviceid");
    if (!deviceId.isTextual() || !DeviceIds.isDeviceId(deviceId.textValue())) {
      throw Failure.invalidField("/deviceid", "must be " + DeviceIds.RULE);
    }
    if (!(line.path("key") instanceof ObjectNode key)) {
      throw Failure.invalidField("/key", "must be an object: a JWK with its kid");
    }
    DeviceKey deviceKey = DeviceKeyDocument.read(key, "/key", Optional.empty(), now);
    Optional<String> code =
        ClaimCodeChanges.readNew(line, JsonNode::isMissingNode, "must be a string, or be omitted");
    return new NewDevice(deviceId.textValue(), deviceKey, code);
  }

  /**
   * Writes the code first, because a device that can authenticate must also be claimable; and checks the key before that,
   * because a refused line must store nothing. After an outage in between, a repetition completes the line.
   */
  private ObjectNode register(NewDevice device, Actor actor, Instant now) {
    withKey(keys.read(device.deviceId()), device, actor, now);
    device.claimCode().ifPresent(code -> claimCodes.setFirst(device.deviceId(), code, actor));
    Change change = keys.change(device.deviceId(), before -> withKey(before, device, actor, now));
    boolean created = change.before().key(device.key().id()).isEmpty();
    return Json.object()
        .put("status", created ? 201 : 200)
        .put("deviceid", device.deviceId())
        .put("kid", device.key().id());
  }

  private static KeyRing withKey(KeyRing before, NewDevice device, Actor actor, Instant now) {
    return before.has(device.key()) ? before : before.with(device.key(), actor, now);
  }
}
