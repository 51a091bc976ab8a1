package io.fleetwell.authorizer;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import io.fleetwell.aws.Aws;
import io.fleetwell.ids.Sha256;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.telemetry.LogLine;
import io.fleetwell.telemetry.Metric;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The Lambda authorizer of every route: type REQUEST, payload 2.0, simple response. The gateway caches the answer by the
 * {@code Authorization} header alone and for all routes, so the answer must depend on nothing else.
 */
public final class AuthorizerHandler extends EventHandler {
  private static final String SCHEME = "Bearer ";

  /** A power of two. The alarm {@code RefusedDevices} in the template names each group. */
  private static final int GROUPS = 4;

  private final Aws aws;
  private final DeviceTokenVerifier deviceTokens;
  private volatile Configured configured;

  public AuthorizerHandler() {
    this(Aws.inLambda());
  }

  public AuthorizerHandler(Aws aws) {
    super(aws);
    this.aws = aws;
    this.deviceTokens = DeviceTokenVerifier.from(aws);
    this.configured = configuredBy(MissingNode.getInstance());
  }

  /** The verifier for a stage's variables, which change with a deployment alone. It keeps the issuers' keys. */
  private record Configured(JsonNode stageVariables, TokenVerifier verifier) {}

  private Configured configuredBy(JsonNode stageVariables) {
    List<IssuerTokenVerifier> issuers = new ArrayList<>();
    IssuerSettings.read(aws.environment(), stageVariables)
        .forEach((issuer, policy) ->
            issuers.add(new IssuerTokenVerifier(issuer, policy, new IssuerKeys(issuer), clock())));
    return new Configured(stageVariables, new TokenVerifier(issuers, deviceTokens));
  }

  private TokenVerifier verifierFor(JsonNode stageVariables) {
    Configured current = configured;
    if (!current.stageVariables().equals(stageVariables)) {
      current = configuredBy(stageVariables);
      configured = current;
    }
    return current.verifier();
  }

  @Override
  protected JsonNode answer(JsonNode event, LogLine line, LambdaLogger logger) {
    String authorization = event.path("identitySource").path(0).asText("");
    try {
      TokenVerifier verifier = verifierFor(event.path("stageVariables"));
      Principal caller = verifier.verify(bearerToken(authorization));
      line.put("authorized", true);
      line.put("caller", Words.of(caller.kind()));
      return isAuthorized(true).set("context", caller.toContext());
    } catch (TokenRefusedException e) {
      line.put("authorized", false);
      line.count(Metric.by("Reason", Words.of(e.reason()), "TokensRefused"));
      TokenVerifier.claimedDeviceId(authorization.substring(authorization.indexOf(' ') + 1))
          .ifPresent(device -> report(device, e, line));
      return isAuthorized(false);
    }
  }

  /**
   * Names the device that a refused token claims to be of. If the device has proved that, it is counted, and logged even if
   * calls are not. One device is always in the same group, so it cannot make the others look refused.
   */
  private static void report(String device, TokenRefusedException refused, LogLine line) {
    line.put("claimedDeviceId", device);
    if (refused.isOfDevice()) {
      int group = Sha256.of(device.getBytes(StandardCharsets.UTF_8))[0] & (GROUPS - 1);
      line.count(Metric.by("Group", String.valueOf(group), "DevicesRefused"));
      line.warn();
    }
  }

  /**
   * The token in the only identity source, after the scheme in any case (RFC 9110, 11.1) and one space. The RFC allows
   * more spaces; with them the token is refused, because each number of spaces would be another entry in the gateway's
   * cache.
   */
  private static String bearerToken(String authorization) throws TokenRefusedException {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new TokenRefusedException(Reason.NO_BEARER_TOKEN);
    }
    return authorization.substring(SCHEME.length());
  }

  private static ObjectNode isAuthorized(boolean authorized) {
    return Json.object().put("isAuthorized", authorized);
  }
}
