package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.json.Json;
import java.util.Optional;
import java.util.Set;

/** {@code PUT /v1/devices/{deviceid}/claimcode}: sets or removes the claim code. */
public final class SetClaimCodeHandler extends HttpHandler {
  private final ClaimCodeChanges claimCodes;

  public SetClaimCodeHandler() {
    this(Aws.inLambda());
  }

  public SetClaimCodeHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.OPERATOR);
    this.claimCodes = new ClaimCodeChanges(DynamoDbDeviceStore.from(aws), aws.clock());
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = request.ownDeviceId();
    ObjectNode body = request.jsonObject();
    Json.requireKnown(body, Set.of(ClaimCode.FIELD));
    Optional<String> code = ClaimCodeChanges.readNew(
        body, JsonNode::isNull, "must be a string, or null for no claim code");
    if (code.isEmpty()) {
      claimCodes.remove(deviceId, request.actor());
    } else {
      claimCodes.set(deviceId, code.get(), request.actor());
    }
    return Response.noContent();
  }
}
