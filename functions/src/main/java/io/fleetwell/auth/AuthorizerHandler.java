package io.fleetwell.auth;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.Wiring;
import io.fleetwell.auth.TokenRefusedException.Reason;
import io.fleetwell.json.JsonText;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.lambda.FunctionRuntime;
import io.fleetwell.telemetry.Count;
import io.fleetwell.telemetry.LogLine;
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
    this(Wiring.rehearsing(AuthorizerRehearsal::of));
  }

  public AuthorizerHandler(Wiring wiring) {
    this(wiring.runtime(), wiring.tokenVerifier());
  }

  AuthorizerHandler(FunctionRuntime runtime, TokenVerifier verifier) {
    super(runtime);
    this.verifier = verifier;
  }

  @Override
  protected void answer(InputStream in, OutputStream out, LogLine line, LambdaLogger logger)
      throws IOException {
    JsonNode event = JsonText.read(in);
    line.put("requestId", event.path("requestContext").path("requestId").asText(""));
    line.put("route", event.path("routeKey").asText(""));
    JsonText.write(answer(bearerToken(event), line), out);
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
      line.count(Count.by("Reason", e.reason().word(), "TokensRefused"));
      return isAuthorized(false);
    }
  }

  private static ObjectNode isAuthorized(boolean authorized) {
    return JsonNodeFactory.instance.objectNode().put("isAuthorized", authorized);
  }
}
