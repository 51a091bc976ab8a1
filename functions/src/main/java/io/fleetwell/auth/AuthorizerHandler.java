package io.fleetwell.auth;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.Wiring;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The Lambda authorizer of every route: REQUEST type, payload 2.0, simple answer. The gateway caches the answer under
 * the {@code Authorization} header alone and for all routes, so it depends on nothing else.
 */
public final class AuthorizerHandler implements RequestStreamHandler {
  private static final String SCHEME = "Bearer ";

  private final JsonMapper mapper = new JsonMapper();
  private final TokenVerifier verifier;

  public AuthorizerHandler() {
    this(Wiring.fromEnvironment());
  }

  public AuthorizerHandler(Wiring wiring) {
    this.verifier = wiring.tokenVerifier();
  }

  @Override
  public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
    String authorization = mapper.readTree(in).path("identitySource").path(0).asText("");
    out.write(mapper.writeValueAsBytes(answer(authorization, context)));
  }

  private ObjectNode answer(String authorization, Context context) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return isAuthorized(false);
    }
    try {
      Principal caller =
          verifier.verify(authorization.substring(SCHEME.length()).strip());
      return isAuthorized(true).set("context", caller.toContext());
    } catch (TokenRefusedException e) {
      context.getLogger().log("token refused: " + e.getMessage(), LogLevel.INFO);
      return isAuthorized(false);
    }
  }

  private static ObjectNode isAuthorized(boolean authorized) {
    return JsonNodeFactory.instance.objectNode().put("isAuthorized", authorized);
  }
}
