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
import java.util.Set;

/** {@code PUT /v1/devices/{deviceid}/claimcode}: what whoever claims the device has to know. */
public final class SetClaimCodeHandler extends HttpHandler {
  private final ClaimCodes claimCodes;

  public SetClaimCodeHandler() {
    this(Wiring.inLambda(SetClaimCodeHandler::new, PutDeviceHandler::new));
  }

  public SetClaimCodeHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.OPERATOR);
    this.claimCodes = new ClaimCodes(wiring.devices(), wiring.clock());
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = DeviceRequests.ownDeviceId(request);
    JsonNode code = codeIn(request.jsonObject());
    if (code.isNull()) {
      claimCodes.remove(deviceId, DeviceRequests.origin(request));
    } else {
      ClaimCodes.check(code.textValue(), ClaimCode.POINTER);
      claimCodes.set(deviceId, code.textValue(), DeviceRequests.origin(request));
    }
    return Response.noContent();
  }

  private static JsonNode codeIn(ObjectNode body) {
    Json.requireKnown("", body, Set.of(ClaimCode.FIELD));
    JsonNode code = body.path(ClaimCode.FIELD);
    if (!code.isTextual() && !code.isNull()) {
      throw Failure.invalidField(ClaimCode.POINTER, "must be a string, or null for no claim code");
    }
    return code;
  }
}
