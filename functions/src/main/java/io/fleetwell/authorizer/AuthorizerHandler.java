package io.fleetwell.authorizer;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.authorizer.TokenRefusedException.Reason;
import io.fleetwell.aws.Aws;
import io.fleetwell.ids.Words;
import io.fleetwell.json.Json;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.telemetry.LogLine;
import io.fleetwell.telemetry.Metric;

/**
 * The Lambda authorizer of every route: type REQUEST, payload 2.0, simple response. The gateway caches the answer by the
 * {@code Authorization} header alone and for all routes, so the answer must depend on nothing else.
 */
public final class AuthorizerHandler extends EventHandler {
  private static final String SCHEME = "Bearer ";

  private final TokenVerifier verifier;

  public AuthorizerHandler() {
    this(Aws.inLambda());
  }

  public AuthorizerHandler(Aws aws) {
    super(aws);
    this.verifier = TokenVerifier.from(aws);
  }

  @Override
  protected JsonNode answer(JsonNode event, LogLine line, LambdaLogger logger) {
    try {
      Principal caller = verifier.verify(bearerToken(event));
      line.put("authorized", true);
      line.put("caller", Words.of(caller.kind()));
      return isAuthorized(true).set("context", caller.toContext());
    } catch (TokenRefusedException e) {
      line.put("authorized", false);
      line.count(Metric.by("Reason", Words.of(e.reason()), "TokensRefused"));
      return isAuthorized(false);
    }
  }

  /**
   * The token in the only identity source, after the scheme in any case (RFC 9110, 11.1) and one space. The RFC allows
   * more spaces; with them the token is refused, because each number of spaces would be another entry in the gateway's
   * cache.
   */
  private static String bearerToken(JsonNode event) throws TokenRefusedException {
    String authorization = event.path("identitySource").path(0).asText("");
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new TokenRefusedException(Reason.NO_BEARER_TOKEN);
    }
    return authorization.substring(SCHEME.length());
  }

  private static ObjectNode isAuthorized(boolean authorized) {
    return Json.object().put("isAuthorized", authorized);
  }
}
