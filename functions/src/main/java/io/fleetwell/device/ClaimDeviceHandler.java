package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.ClaimOutcome.Refused;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.ids.RandomId;
import io.fleetwell.json.Json;
import io.fleetwell.telemetry.Metric;
import java.util.Optional;
import java.util.Set;

/**
 * {@code PUT /v1/user/devices/owner/{deviceid}}: makes the user the owner of a device that has none. If the device has
 * a claim code, the body must contain it.
 */
public final class ClaimDeviceHandler extends HttpHandler {
  private final Claims claims;

  public ClaimDeviceHandler() {
    this(Aws.inLambda());
  }

  public ClaimDeviceHandler(Aws aws) {
    super(aws, Kind.USER);
    this.claims = Claims.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = request.deviceId();
    ClaimRequest claim = new ClaimRequest(
        RandomId.next(),
        request.optionalJsonObject().flatMap(ClaimDeviceHandler::codeIn),
        request.ifMatch(),
        request.actor());
    ClaimOutcome outcome = claims.claim(deviceId, claim);
    if (outcome instanceof Refused refused) {
      return Response.of(refused.failure(), request)
          .counting(Metric.by("Reason", refused.reason().name(), "ClaimsRefused"));
    }
    return DeviceResponses.of(outcome, true).counting(Metric.of("Claims"));
  }

  private static Optional<String> codeIn(ObjectNode body) {
    Json.requireKnown(body, Set.of(ClaimCode.FIELD));
    return ClaimCodeChanges.read(
        body, code -> code.isMissingNode() || code.isNull(), "must be a string");
  }
}
