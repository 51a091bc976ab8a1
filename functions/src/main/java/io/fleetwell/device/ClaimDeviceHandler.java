package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Json;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.store.RandomId;
import io.fleetwell.telemetry.Count;
import java.util.Optional;
import java.util.Set;

/**
 * {@code PUT /v1/user/devices/owner/{deviceid}}: a user becomes the owner of a device that has none. A device with a
 * claim code takes a body that holds it.
 */
public final class ClaimDeviceHandler extends HttpHandler {
  private final Claims claims;
  private final boolean codeRequired;

  public ClaimDeviceHandler() {
    this(Wiring.inLambda(ClaimDeviceHandler::new, PutDeviceHandler::new));
  }

  public ClaimDeviceHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.USER);
    this.claims =
        new Claims(wiring.devices(), wiring.claimAttempts(), wiring.history(), wiring.clock());
    this.codeRequired = wiring.requireClaimCode();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = DeviceRequests.deviceId(request);
    ClaimRequest claim = new ClaimRequest(
        RandomId.next(),
        request.optionalJsonObject().flatMap(ClaimDeviceHandler::codeIn),
        codeRequired,
        DeviceRequests.origin(request));
    return DeviceResponses.of(claims.claim(deviceId, claim), true).counting(Count.of("Claims"));
  }

  private static Optional<String> codeIn(ObjectNode body) {
    Json.requireKnown("", body, Set.of(ClaimCode.FIELD));
    JsonNode code = body.path(ClaimCode.FIELD);
    if (code.isMissingNode() || code.isNull()) {
      return Optional.empty();
    }
    if (!code.isTextual()) {
      throw Failure.invalidField(ClaimCode.POINTER, "must be a string");
    }
    return Optional.of(code.textValue());
  }
}
