package io.fleetwell.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2CustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.local.Routes.Match;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** An API Gateway HTTP API: it finds the route, asks the authorizer, calls the function, and has errors of its own. */
final class Gateway extends Handler.Abstract {
  /** How long API Gateway waits for a function of a route (its quotas, "HTTP API quotas"). */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** How long API Gateway waits for an authorizer. */
  static final Duration AUTHORIZER_TIMEOUT = Duration.ofSeconds(10);

  private static final int MAX_BODY_BYTES = 10 * 1_024 * 1_024;
  private static final int REQUEST_ID_BYTES = 11;

  private final Routes<LambdaFunction> routes;
  private final Set<String> publicRoutes;
  private final LambdaFunction authorizer;
  private final AuthorizerCache authorizerCache;
  private final Optional<Cors> cors;
  private final Map<String, String> stageVariables;
  private final Clock clock;
  private final Consumer<String> log;
  private final JsonMapper mapper = new JsonMapper();
  private final SecureRandom random = new SecureRandom();

  /**
   * @param publicRoutes the keys of the routes that have no authorizer
   */
  Gateway(
      Routes<LambdaFunction> routes,
      Set<String> publicRoutes,
      LambdaFunction authorizer,
      Duration authorizerCacheTime,
      Optional<Cors> cors,
      Map<String, String> stageVariables,
      Clock clock,
      Consumer<String> log) {
    this.routes = routes;
    this.publicRoutes = publicRoutes;
    this.authorizer = authorizer;
    this.authorizerCache = new AuthorizerCache(authorizerCacheTime);
    this.cors = cors;
    this.stageVariables = Map.copyOf(stageVariables);
    this.clock = clock;
    this.log = log;
  }

  /** The answer to a call: a function's, or one of the gateway's own errors. */
  private record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer error(int status, String message) {
      return new Answer(
          status, Map.of("content-type", GatewayErrors.CONTENT_TYPE), GatewayErrors.body(message));
    }

    static Answer unauthorized() {
      return new Answer(
          401,
          Map.of("content-type", GatewayErrors.CONTENT_TYPE, "www-authenticate", "Bearer"),
          GatewayErrors.body("Unauthorized"));
    }

    static Answer toPreflight() {
      return new Answer(204, Map.of(), new byte[0]);
    }

    static Answer tooLarge() {
      return error(413, "Request Entity Too Large");
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Instant start = clock.instant();
    String requestId = requestId();
    GatewayCall call = GatewayCall.of(request, requestId, clock.instant(), readBody(request));
    Answer answer = answer(call);
    response.setStatus(answer.status());
    headers(call, answer).forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put("apigw-requestid", requestId);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
    long millis = Duration.between(start, clock.instant()).toMillis();
    log.accept("%s %s %d %d ms".formatted(call.method(), call.rawPath(), answer.status(), millis));
    return true;
  }

  private String requestId() {
    byte[] bytes = new byte[REQUEST_ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  /** The headers of an answer, with the gateway's of CORS instead of the function's. */
  private Map<String, String> headers(GatewayCall call, Answer answer) {
    Map<String, String> headers = new TreeMap<>(answer.headers());
    cors.ifPresent(it -> {
      headers.keySet().removeIf(Cors::isHeader);
      headers.putAll(it.headersFor(call));
    });
    return headers;
  }

  private Answer answer(GatewayCall call) {
    if (call.body().length > MAX_BODY_BYTES) {
      return Answer.tooLarge();
    }
    if (cors.isPresent() && call.isOptions()) {
      return Answer.toPreflight();
    }
    Optional<Match<LambdaFunction>> route = routes.find(call.method(), call.rawPath());
    if (route.isEmpty()) {
      return Answer.error(404, "Not Found");
    }
    boolean isPublic = publicRoutes.contains(route.get().key());
    if (!isPublic && call.header("authorization").isEmpty()) {
      return Answer.unauthorized();
    }
    try {
      return isPublic
          ? invoke(call, route.get(), Optional.empty())
          : authorizeAndInvoke(call, route.get());
    } catch (IOException | RuntimeException e) {
      log.accept("the function failed: " + e);
      return Answer.error(500, "Internal Server Error");
    }
  }

  /** Reads at most one byte more than a body may have. */
  private static byte[] readBody(Request request) throws IOException {
    try (InputStream in = Content.Source.asInputStream(request)) {
      return in.readNBytes(MAX_BODY_BYTES + 1);
    }
  }

  private Answer authorizeAndInvoke(GatewayCall call, Match<LambdaFunction> route)
      throws IOException {
    JsonNode authorization = authorize(call, route);
    return authorization.path("isAuthorized").asBoolean(false)
        ? invoke(call, route, Optional.of(contextOf(authorization)))
        : Answer.error(403, "Forbidden");
  }

  private JsonNode authorize(GatewayCall call, Match<LambdaFunction> route) throws IOException {
    String identity = call.header("authorization");
    Instant now = clock.instant();
    Optional<JsonNode> cached = authorizerCache.find(identity, now);
    if (cached.isPresent()) {
      return cached.get();
    }
    byte[] event = LambdaFunction.serialize(
        GatewayEvents.toAuthorizer(call, route, stageVariables, identity),
        APIGatewayV2CustomAuthorizerEvent.class);
    JsonNode answer = authorizer.invoke(event);
    if (!answer.path("isAuthorized").isBoolean()) {
      throw new IllegalStateException("the authorizer gave an invalid answer");
    }
    authorizerCache.put(identity, answer, now);
    return answer;
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> contextOf(JsonNode authorization) {
    return mapper.convertValue(authorization.path("context"), Map.class);
  }

  private Answer invoke(
      GatewayCall call, Match<LambdaFunction> route, Optional<Map<String, Object>> context)
      throws IOException {
    byte[] event = LambdaFunction.serialize(
        GatewayEvents.toFunction(call, route, stageVariables, context),
        APIGatewayV2HTTPEvent.class);
    return event.length > LambdaFunction.MAX_PAYLOAD_BYTES
        ? Answer.tooLarge()
        : answerOf(route.target().invoke(event));
  }

  private static Answer answerOf(JsonNode ofFunction) {
    if (!ofFunction.path("statusCode").isInt()) {
      throw new IllegalStateException("the function gave an invalid answer");
    }
    Map<String, String> headers = new TreeMap<>();
    ofFunction
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    String body = ofFunction.path("body").asText("");
    byte[] bytes = ofFunction.path("isBase64Encoded").asBoolean(false)
        ? Base64.getDecoder().decode(body)
        : body.getBytes(StandardCharsets.UTF_8);
    return new Answer(ofFunction.path("statusCode").intValue(), headers, bytes);
  }
}
