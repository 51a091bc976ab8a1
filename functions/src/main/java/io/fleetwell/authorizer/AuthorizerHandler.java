package io.fleetwell.authorizer;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import io.fleetwell.aws.Aws;
import io.fleetwell.json.Json;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.telemetry.LogLine;
import io.fleetwell.telemetry.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The Lambda authorizer of every route: REQUEST type, payload 2.0, simple answer. The gateway caches the answer under
 * the {@code Authorization} header alone and for all routes, so it depends on nothing else.
 */
public final class AuthorizerHandler extends EventHandler {
  private static final String SCHEME = "Bearer ";

  private final TokenVerifier verifier;

  public AuthorizerHandler() {
    this(Aws.inLambda());
  }

  public AuthorizerHandler(Aws aws) {
    this(aws, TokenVerifier.from(aws));
  }

  AuthorizerHandler(Aws aws, TokenVerifier verifier) {
    super(aws);
    this.verifier = verifier;
  }

  @Override
  protected void answer(InputStream in, OutputStream out, LogLine line, LambdaLogger logger)
      throws IOException {
    JsonNode event = Json.read(in);
    line.put("requestId", event.path("requestContext").path("requestId").asText(""));
    line.put("route", event.path("routeKey").asText(""));
    out.write(Json.bytes(answer(bearerToken(event), line)));
  }

  /** The token in the one identity source; empty when it is something else. */
  private static Optional<String> bearerToken(JsonNode event) {
    String authorization = event.path("identitySource").path(0).asText("");
    return authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? Optional.of(authorization.substring(SCHEME.length()).strip())
        : Optional.empty();
  }

  private ObjectNode answer(Optional<String> token, LogLine line) {
    try {
      Principal caller = verifier.verify(
          token.orElseThrow(() -> new TokenRefusedException(Reason.NO_BEARER_TOKEN)));
      line.put("authorized", true);
      line.put("caller", caller.kind().word());
      return isAuthorized(true).set("context", caller.toContext());
    } catch (TokenRefusedException e) {
      line.put("authorized", false);
      line.count(Metric.by("Reason", e.reason().word(), "TokensRefused"));
      return isAuthorized(false);
    }
  }

  private static ObjectNode isAuthorized(boolean authorized) {
    return Json.object().put("isAuthorized", authorized);
  }
}
