package io.fleetwell.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.device.ClaimCodes;
import io.fleetwell.device.Device;
import io.fleetwell.device.DeviceRequests;
import io.fleetwell.failure.Failure;
import io.fleetwell.history.Origin;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Json;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.keys.DeviceKeyStore.Change;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** {@code POST /v1/devices/keys}: the factory registers the devices that it has made, one on each line. */
public final class ImportDeviceKeysHandler extends HttpHandler {
  private static final Set<String> FIELDS = Set.of("deviceid", "key", "claimcode");

  private final DeviceKeyStore keys;
  private final ClaimCodes claimCodes;
  private final Clock clock;

  public ImportDeviceKeysHandler() {
    this(Wiring.inLambda(ImportDeviceKeysHandler::new));
  }

  public ImportDeviceKeysHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.OPERATOR);
    this.keys = wiring.deviceKeys();
    this.claimCodes = new ClaimCodes(wiring.devices(), wiring.clock());
    this.clock = wiring.clock();
  }

  /** What a line asks for. */
  private record NewDevice(String deviceId, DeviceKey key, Optional<String> claimCode) {}

  @Override
  protected Response handle(Request request) {
    Instant now = clock.instant();
    Origin origin = DeviceRequests.origin(request);
    return request
        .jsonLines()
        .answerEach(
            line -> read(line, now), NewDevice::deviceId, device -> register(device, origin, now));
  }

  private static NewDevice read(ObjectNode line, Instant now) {
    Json.requireKnown("", line, FIELDS);
    JsonNode deviceId = line.path("deviceid");
    if (!deviceId.isTextual() || !Device.isId(deviceId.textValue())) {
      throw Failure.invalidField("/deviceid", "must be " + Device.ID_RULE);
    }
    if (!(line.path("key") instanceof ObjectNode key)) {
      throw Failure.invalidField("/key", "must be an object: a JWK with its kid");
    }
    return new NewDevice(
        deviceId.textValue(),
        DeviceKeyDocument.read(key, "/key", Optional.empty(), now),
        claimCodeIn(line));
  }

  private static Optional<String> claimCodeIn(ObjectNode line) {
    JsonNode code = line.path("claimcode");
    if (code.isMissingNode()) {
      return Optional.empty();
    }
    if (!code.isTextual()) {
      throw Failure.invalidField("/claimcode", "must be a string, or not be there");
    }
    ClaimCodes.check(code.textValue(), "/claimcode");
    return Optional.of(code.textValue());
  }

  /**
   * The code first, since a device that can be used can also be claimed; and nothing at all where the key is going to be
   * refused. A repetition makes up for an outage in between, and changes nothing of what is there.
   */
  private ObjectNode register(NewDevice device, Origin origin, Instant now) {
    withKey(keys.read(device.deviceId()), device, origin, now);
    device.claimCode().ifPresent(code -> claimCodes.setFirst(device.deviceId(), code, origin));
    Change change = keys.change(device.deviceId(), before -> withKey(before, device, origin, now));
    boolean created = change.before().key(device.key().id()).isEmpty();
    return Json.object()
        .put("status", created ? 201 : 200)
        .put("deviceid", device.deviceId())
        .put("kid", device.key().id());
  }

  private static KeyRing withKey(KeyRing before, NewDevice device, Origin origin, Instant now) {
    return before.has(device.key()) ? before : before.with(device.key(), origin, now);
  }
}
