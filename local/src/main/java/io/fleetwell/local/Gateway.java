package io.fleetwell.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2CustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.local.GatewayEvents.Call;
import io.fleetwell.local.Routes.Match;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** An API Gateway HTTP API: routes, the authorizer and its cache, functions, and the gateway's own errors. */
final class Gateway extends Handler.Abstract {
  /** For which the real one waits for a function of a route (API Gateway quotas, "HTTP API quotas"). */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** For which the real one waits for an authorizer. */
  static final Duration AUTHORIZER_TIMEOUT = Duration.ofSeconds(10);

  private static final int MAX_BODY_BYTES = 10 * 1_024 * 1_024;
  private static final int REQUEST_ID_BYTES = 11;
  private static final int MAX_CACHED_ANSWERS = 10_000;

  private final Routes<LambdaFunction> routes;
  private final LambdaFunction authorizer;
  private final Duration authorizerCacheTime;
  private final Clock clock;
  private final Consumer<String> log;
  private final JsonMapper mapper = new JsonMapper();
  private final SecureRandom random = new SecureRandom();
  private final Map<String, CachedAnswer> authorizerCache = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, CachedAnswer> eldest) {
      return size() > MAX_CACHED_ANSWERS;
    }
  };

  private record CachedAnswer(JsonNode answer, Instant until) {}

  Gateway(
      Routes<LambdaFunction> routes,
      LambdaFunction authorizer,
      Duration authorizerCacheTime,
      Clock clock,
      Consumer<String> log) {
    this.routes = routes;
    this.authorizer = authorizer;
    this.authorizerCacheTime = authorizerCacheTime;
    this.clock = clock;
    this.log = log;
  }

  /** What the gateway sends back. Its own messages are always one line of JSON. */
  private record Answer(int status, Map<String, String> headers, byte[] body) {
    static Answer ofGateway(int status, String message) {
      byte[] body = "{\"message\":\"%s\"}".formatted(message).getBytes(StandardCharsets.UTF_8);
      return new Answer(status, Map.of("content-type", "application/json"), body);
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Instant start = clock.instant();
    String requestId = requestId();
    Answer answer = answer(request, requestId);
    response.setStatus(answer.status());
    answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
    response.getHeaders().put("apigw-requestid", requestId);
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
    long millis = Duration.between(start, clock.instant()).toMillis();
    log.accept(
        "%s %s %d %d ms".formatted(request.getMethod(), pathOf(request), answer.status(), millis));
    return true;
  }

  private String requestId() {
    byte[] bytes = new byte[REQUEST_ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes);
  }

  private static String pathOf(Request request) {
    return Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
  }

  private Answer answer(Request request, String requestId) throws IOException {
    byte[] body = readBody(request);
    if (body.length > MAX_BODY_BYTES) {
      return Answer.ofGateway(413, "Request Entity Too Large");
    }
    Call call = call(request, requestId, body);
    Optional<Match<LambdaFunction>> route = routes.find(call.method(), call.path());
    if (route.isEmpty()) {
      return Answer.ofGateway(404, "Not Found");
    }
    String identity = call.headers().getOrDefault("authorization", "");
    if (identity.isEmpty()) {
      Answer unauthorized = Answer.ofGateway(401, "Unauthorized");
      Map<String, String> headers = new TreeMap<>(unauthorized.headers());
      headers.put("www-authenticate", "Bearer");
      return new Answer(401, headers, unauthorized.body());
    }
    try {
      JsonNode authorization = authorize(call, route.get(), identity);
      return authorization.path("isAuthorized").asBoolean(false)
          ? invoke(call, route.get(), authorization.path("context"))
          : Answer.ofGateway(403, "Forbidden");
    } catch (IOException | RuntimeException e) {
      log.accept("the function failed: " + e);
      return Answer.ofGateway(500, "Internal Server Error");
    }
  }

  private static byte[] readBody(Request request) throws IOException {
    try (InputStream in = Content.Source.asInputStream(request)) {
      return in.readNBytes(MAX_BODY_BYTES + 1);
    }
  }

  private Call call(Request request, String requestId, byte[] body) {
    Map<String, String> headers = new TreeMap<>();
    List<String> cookies = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      String value = Optional.ofNullable(field.getValue()).orElse("");
      if (field.getHeader() == HttpHeader.COOKIE) {
        cookies.addAll(List.of(value.split("; *")));
      } else {
        headers.merge(
            field.getName().toLowerCase(Locale.ROOT), value, (first, next) -> first + "," + next);
      }
    }
    String sourceIp = Request.getRemoteAddr(request);
    headers.put("x-forwarded-for", sourceIp);
    headers.put("x-forwarded-port", String.valueOf(Request.getServerPort(request)));
    headers.put("x-forwarded-proto", "http");
    String query = Optional.ofNullable(request.getHttpURI().getQuery()).orElse("");
    return new Call(
        requestId,
        clock.instant(),
        request.getMethod(),
        pathOf(request),
        query,
        headers,
        cookies,
        body,
        sourceIp);
  }

  /** The authorizer's answer, from the cache while it lasts: the key is the identity alone, whatever the route. */
  private JsonNode authorize(Call call, Match<LambdaFunction> route, String identity)
      throws IOException {
    Instant now = clock.instant();
    synchronized (authorizerCache) {
      CachedAnswer cached = authorizerCache.get(identity);
      if (cached != null && now.isBefore(cached.until())) {
        return cached.answer();
      }
    }
    byte[] event = LambdaFunction.serialize(
        GatewayEvents.toAuthorizer(call, route, identity), APIGatewayV2CustomAuthorizerEvent.class);
    JsonNode answer = authorizer.invoke(event);
    if (!answer.path("isAuthorized").isBoolean()) {
      throw new IllegalStateException("the authorizer gave an odd answer");
    }
    synchronized (authorizerCache) {
      authorizerCache.put(identity, new CachedAnswer(answer, now.plus(authorizerCacheTime)));
    }
    return answer;
  }

  @SuppressWarnings("unchecked")
  private Answer invoke(Call call, Match<LambdaFunction> route, JsonNode authorizerContext)
      throws IOException {
    Map<String, Object> context = mapper.convertValue(authorizerContext, Map.class);
    byte[] event = LambdaFunction.serialize(
        GatewayEvents.toFunction(call, route, context), APIGatewayV2HTTPEvent.class);
    if (event.length > LambdaFunction.MAX_PAYLOAD_BYTES) {
      return Answer.ofGateway(413, "Request Entity Too Large");
    }
    JsonNode answer = route.target().invoke(event);
    if (!answer.path("statusCode").isInt()) {
      throw new IllegalStateException("the function gave an odd answer");
    }
    Map<String, String> headers = new TreeMap<>();
    answer
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    String body = answer.path("body").asText("");
    byte[] bytes = answer.path("isBase64Encoded").asBoolean(false)
        ? Base64.getDecoder().decode(body)
        : body.getBytes(StandardCharsets.UTF_8);
    return new Answer(answer.path("statusCode").intValue(), headers, bytes);
  }
}
