package io.fleetwell.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2CustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The events that an HTTP API makes of a call, in payload format 2.0. Models: the live capture in {@code hotsock/voker},
 * {@code vokerhttp/testdata/apigwv2-request.json}, and what is known of the encoding of bodies from {@code
 * floci-io/floci} issue 2172.
 */
final class GatewayEvents {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String API_ID = "local";
  private static final String DOMAIN = "localhost";

  /** Beside {@code text/*}, the only types whose bodies come as text. */
  private static final Set<String> TEXT_TYPES =
      Set.of("application/json", "application/xml", "application/javascript");

  private GatewayEvents() {}

  /**
   * A call as it came in.
   *
   * @param path not decoded
   * @param query not decoded, without the question mark; empty if there is none
   * @param headers by name in lower case, repeated ones joined with a comma
   */
  record Call(
      String requestId,
      Instant at,
      String method,
      String path,
      String query,
      Map<String, String> headers,
      List<String> cookies,
      byte[] body,
      String sourceIp) {}

  static APIGatewayV2HTTPEvent toFunction(
      Call call, Routes.Match<?> route, Map<String, Object> authorizerContext) {
    boolean base64 = isBase64(call);
    return APIGatewayV2HTTPEvent.builder()
        .withVersion("2.0")
        .withRouteKey(route.key())
        .withRawPath(Routes.decode(call.path()))
        .withRawQueryString(call.query())
        .withCookies(nullIfEmpty(call.cookies()))
        .withHeaders(call.headers())
        .withQueryStringParameters(nullIfEmpty(queryParameters(call.query())))
        .withPathParameters(nullIfEmpty(route.pathParameters()))
        .withRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder()
            .withAccountId(LocalAccount.ID)
            .withApiId(API_ID)
            .withAuthorizer(APIGatewayV2HTTPEvent.RequestContext.Authorizer.builder()
                .withLambda(authorizerContext)
                .build())
            .withDomainName(DOMAIN)
            .withDomainPrefix(DOMAIN)
            .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                .withMethod(call.method())
                .withPath(Routes.decode(call.path()))
                .withProtocol("HTTP/1.1")
                .withSourceIp(call.sourceIp())
                .withUserAgent(call.headers().getOrDefault("user-agent", ""))
                .build())
            .withRequestId(call.requestId())
            .withRouteKey(route.key())
            .withStage("$default")
            .withTime(TIME.format(call.at()))
            .withTimeEpoch(call.at().toEpochMilli())
            .build())
        .withBody(body(call, base64))
        .withIsBase64Encoded(base64)
        .build();
  }

  static APIGatewayV2CustomAuthorizerEvent toAuthorizer(
      Call call, Routes.Match<?> route, String identity) {
    return APIGatewayV2CustomAuthorizerEvent.builder()
        .withVersion("2.0")
        .withType("REQUEST")
        .withRouteArn("arn:aws:execute-api:%s:%s:%s/$default/%s%s"
            .formatted(
                LocalAccount.REGION,
                LocalAccount.ID,
                API_ID,
                call.method(),
                Routes.decode(call.path())))
        .withIdentitySource(List.of(identity))
        .withRouteKey(route.key())
        .withRawPath(Routes.decode(call.path()))
        .withRawQueryString(call.query())
        .withCookies(nullIfEmpty(call.cookies()))
        .withHeaders(call.headers())
        .withQueryStringParameters(nullIfEmpty(queryParameters(call.query())))
        .withRequestContext(APIGatewayV2CustomAuthorizerEvent.RequestContext.builder()
            .withAccountId(LocalAccount.ID)
            .withApiId(API_ID)
            .withDomainName(DOMAIN)
            .withDomainPrefix(DOMAIN)
            .withHttp(APIGatewayV2CustomAuthorizerEvent.Http.builder()
                .withMethod(call.method())
                .withPath(Routes.decode(call.path()))
                .withProtocol("HTTP/1.1")
                .withSourceIp(call.sourceIp())
                .withUserAgent(call.headers().getOrDefault("user-agent", ""))
                .build())
            .withRequestId(call.requestId())
            .withRouteKey(route.key())
            .withStage("$default")
            .withTime(TIME.format(call.at()))
            .withTimeEpoch(call.at().toEpochMilli())
            .build())
        .withPathParameters(nullIfEmpty(route.pathParameters()))
        .build();
  }

  private static boolean isBase64(Call call) {
    return call.body().length > 0 && textOf(call).isEmpty();
  }

  private static @Nullable String body(Call call, boolean base64) {
    if (call.body().length == 0) {
      return null;
    }
    return base64
        ? Base64.getEncoder().encodeToString(call.body())
        : textOf(call).orElseThrow();
  }

  /** The body if it comes as text. One that is not UTF-8 cannot, though its type says so. */
  private static Optional<String> textOf(Call call) {
    String contentType = call.headers().getOrDefault("content-type", "");
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!type.startsWith("text/") && !TEXT_TYPES.contains(type)) {
      return Optional.empty();
    }
    try {
      return Optional.of(StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(call.body()))
          .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** Decoded, and repeated ones joined with a comma: the gateway's own way, which loses where a value ends. */
  private static Map<String, String> queryParameters(String query) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
      String[] nameAndValue = pair.split("=", 2);
      values
          .computeIfAbsent(decodeParameter(nameAndValue[0]), name -> new ArrayList<>())
          .add(nameAndValue.length > 1 ? decodeParameter(nameAndValue[1]) : "");
    }
    Map<String, String> joined = new TreeMap<>();
    values.forEach((name, list) -> joined.put(name, String.join(",", list)));
    return joined;
  }

  private static String decodeParameter(String raw) {
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return raw;
    }
  }

  private static <K, V> @Nullable Map<K, V> nullIfEmpty(Map<K, V> map) {
    return map.isEmpty() ? null : map;
  }

  private static <T> @Nullable List<T> nullIfEmpty(List<T> list) {
    return list.isEmpty() ? null : list;
  }
}
