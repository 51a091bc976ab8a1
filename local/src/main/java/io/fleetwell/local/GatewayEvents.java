package io.fleetwell.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2CustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events of an HTTP API, in payload format 2.0. Models: the live capture in {@code hotsock/voker}, {@code
 * vokerhttp/testdata/apigwv2-request.json}, and for the encoding of bodies {@code floci-io/floci} issue 2172. The library
 * has two unrelated types for the two events, so their common fields are set twice.
 */
final class GatewayEvents {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String VERSION = "2.0";
  private static final String API_ID = "local";
  private static final String DOMAIN = "localhost";
  private static final String STAGE = "$default";
  private static final String PROTOCOL = "HTTP/1.1";

  private GatewayEvents() {}

  /**
   * The event of a call that reaches a function.
   *
   * @param authorizerContext what the authorizer said of the caller; empty on a route without one
   */
  static APIGatewayV2HTTPEvent toFunction(
      GatewayCall call,
      Routes.Match<?> route,
      Map<String, String> stageVariables,
      Optional<Map<String, Object>> authorizerContext) {
    boolean base64 = call.body().length > 0 && call.text().isEmpty();
    return APIGatewayV2HTTPEvent.builder()
        .withVersion(VERSION)
        .withRouteKey(route.key())
        .withRawPath(call.path())
        .withRawQueryString(call.rawQuery())
        .withCookies(nullIfEmpty(call.cookies()))
        .withHeaders(call.headers())
        .withQueryStringParameters(nullIfEmpty(call.queryParameters()))
        .withPathParameters(nullIfEmpty(route.pathParameters()))
        .withStageVariables(nullIfEmpty(stageVariables))
        .withRequestContext(contextForFunction(call, route, authorizerContext))
        .withBody(body(call))
        .withIsBase64Encoded(base64)
        .build();
  }

  private static APIGatewayV2HTTPEvent.RequestContext contextForFunction(
      GatewayCall call, Routes.Match<?> route, Optional<Map<String, Object>> authorizerContext) {
    return APIGatewayV2HTTPEvent.RequestContext.builder()
        .withAccountId(LocalAccount.ID)
        .withApiId(API_ID)
        .withAuthorizer(authorizerContext.map(GatewayEvents::authorizer).orElse(null))
        .withDomainName(DOMAIN)
        .withDomainPrefix(DOMAIN)
        .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder()
            .withMethod(call.method())
            .withPath(call.path())
            .withProtocol(PROTOCOL)
            .withSourceIp(call.sourceIp())
            .withUserAgent(call.header("user-agent"))
            .build())
        .withRequestId(call.requestId())
        .withRouteKey(route.key())
        .withStage(STAGE)
        .withTime(TIME.format(call.at()))
        .withTimeEpoch(call.at().toEpochMilli())
        .build();
  }

  private static APIGatewayV2HTTPEvent.RequestContext.Authorizer authorizer(
      Map<String, Object> context) {
    return APIGatewayV2HTTPEvent.RequestContext.Authorizer.builder()
        .withLambda(context)
        .build();
  }

  private static @Nullable String body(GatewayCall call) {
    return call.body().length == 0
        ? null
        : call.text().orElseGet(() -> Base64.getEncoder().encodeToString(call.body()));
  }

  static APIGatewayV2CustomAuthorizerEvent toAuthorizer(
      GatewayCall call,
      Routes.Match<?> route,
      Map<String, String> stageVariables,
      String identity) {
    return APIGatewayV2CustomAuthorizerEvent.builder()
        .withVersion(VERSION)
        .withType("REQUEST")
        .withRouteArn("arn:aws:execute-api:%s:%s:%s/%s/%s%s"
            .formatted(
                LocalAccount.REGION, LocalAccount.ID, API_ID, STAGE, call.method(), call.path()))
        .withIdentitySource(List.of(identity))
        .withRouteKey(route.key())
        .withRawPath(call.path())
        .withRawQueryString(call.rawQuery())
        .withCookies(nullIfEmpty(call.cookies()))
        .withHeaders(call.headers())
        .withQueryStringParameters(nullIfEmpty(call.queryParameters()))
        .withRequestContext(contextForAuthorizer(call, route))
        .withPathParameters(nullIfEmpty(route.pathParameters()))
        .withStageVariables(nullIfEmpty(stageVariables))
        .build();
  }

  private static APIGatewayV2CustomAuthorizerEvent.RequestContext contextForAuthorizer(
      GatewayCall call, Routes.Match<?> route) {
    return APIGatewayV2CustomAuthorizerEvent.RequestContext.builder()
        .withAccountId(LocalAccount.ID)
        .withApiId(API_ID)
        .withDomainName(DOMAIN)
        .withDomainPrefix(DOMAIN)
        .withHttp(APIGatewayV2CustomAuthorizerEvent.Http.builder()
            .withMethod(call.method())
            .withPath(call.path())
            .withProtocol(PROTOCOL)
            .withSourceIp(call.sourceIp())
            .withUserAgent(call.header("user-agent"))
            .build())
        .withRequestId(call.requestId())
        .withRouteKey(route.key())
        .withStage(STAGE)
        .withTime(TIME.format(call.at()))
        .withTimeEpoch(call.at().toEpochMilli())
        .build();
  }

  private static <K, V> @Nullable Map<K, V> nullIfEmpty(Map<K, V> map) {
    return map.isEmpty() ? null : map;
  }

  private static <T> @Nullable List<T> nullIfEmpty(List<T> list) {
    return list.isEmpty() ? null : list;
  }
}
