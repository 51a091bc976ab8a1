package io.fleetwell.testing.journey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.Template.Route;
import io.fleetwell.testing.Api;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The event that API Gateway makes of a call, in payload format 2.0. What no function reads is the same in all events.
 */
final class GatewayEvent {
  private static final String API_ID = "a1b2c3d4e5";
  private static final String DOMAIN = API_ID + ".execute-api.eu-west-1.amazonaws.com";
  private static final String ACCOUNT = "123456789012";
  private static final String SOURCE_IP = "203.0.113.7";
  private static final String USER_AGENT = "curl/7.88.1";
  private static final String STAGE = "$default";

  /** The start of the year 2100: the events can be replayed for long. */
  private static final long EXPIRES = 4_102_444_800L;

  /** Its signature is not valid. The functions read what the authorizer says of the caller, and never the token. */
  private static final String NO_TOKEN = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl";

  private static final ObjectWriter WRITER = Api.JSON.writer(printer());

  private final JourneyLine line;
  private final Route route;
  private final String bearer;
  private final String path;
  private final byte[] body;

  private GatewayEvent(JourneyLine line, Route route, String token) {
    this.line = line;
    this.route = route;
    this.bearer = "Bearer " + token;
    this.path = pathOf(line, route);
    this.body = line.body();
  }

  /** The event of a line, with its own token if it has one. */
  static ObjectNode of(JourneyLine line, Route route) {
    return of(line, route, line.token().orElse(NO_TOKEN));
  }

  static ObjectNode of(JourneyLine line, Route route, String token) {
    return new GatewayEvent(line, route, token).json();
  }

  /** An event as the file in {@code events/} has it. */
  static String text(ObjectNode event) {
    try {
      return WRITER.writeValueAsString(event) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static DefaultPrettyPrinter printer() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
    printer.indentObjectsWith(indenter);
    printer.indentArraysWith(indenter);
    return printer;
  }

  /** The path of a line's call. */
  static String pathOf(JourneyLine line, Route route) {
    String path = route.path();
    for (Map.Entry<String, String> variable : line.path().entrySet()) {
      path = path.replace("{" + variable.getKey() + "}", variable.getValue());
    }
    return path;
  }

  /** The query of a line's call; empty if there is none. */
  static String queryOf(JourneyLine line) {
    return line.query().entrySet().stream()
        .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private ObjectNode json() {
    ObjectNode event = object().put("version", "2.0");
    boolean isForAuthorizer = line.isForAuthorizer();
    if (isForAuthorizer) {
      event
          .put("type", "REQUEST")
          .put(
              "routeArn",
              "arn:aws:execute-api:eu-west-1:%s:%s/%s/%s%s"
                  .formatted(ACCOUNT, API_ID, STAGE, route.method(), path))
          .putArray("identitySource")
          .add(bearer);
    }
    event.put("routeKey", route.key()).put("rawPath", path).put("rawQueryString", queryOf(line));
    event.set("headers", headers());
    putUnlessEmpty(event, "queryStringParameters", line.query());
    putUnlessEmpty(event, "pathParameters", line.path());
    event.set("requestContext", context(isForAuthorizer));
    if (!isForAuthorizer) {
      putBody(event);
    }
    return event;
  }

  private ObjectNode headers() {
    ObjectNode headers = object().put("accept", "*/*").put("authorization", bearer);
    line.headers().forEach(headers::put);
    if (body.length > 0) {
      headers.put("content-length", String.valueOf(body.length));
    }
    line.contentType().ifPresent(type -> headers.put("content-type", type));
    return headers
        .put("host", DOMAIN)
        .put("user-agent", USER_AGENT)
        .put("x-amzn-trace-id", "Root=1-6741f0a0-0123456789abcdef01234567")
        .put("x-forwarded-for", SOURCE_IP)
        .put("x-forwarded-port", "443")
        .put("x-forwarded-proto", "https");
  }

  private ObjectNode context(boolean isForAuthorizer) {
    ObjectNode context = object().put("accountId", ACCOUNT).put("apiId", API_ID);
    if (!isForAuthorizer) {
      ObjectNode caller = object().put("exp", EXPIRES);
      Stream.of("id", "kid", "kind")
          .filter(line.caller()::has)
          .forEach(field -> caller.set(field, line.caller().get(field)));
      context.putObject("authorizer").set("lambda", caller);
    }
    context.put("domainName", DOMAIN).put("domainPrefix", API_ID);
    context
        .putObject("http")
        .put("method", route.method())
        .put("path", path)
        .put("protocol", "HTTP/1.1")
        .put("sourceIp", SOURCE_IP)
        .put("userAgent", USER_AGENT);
    return context
        .put("requestId", "JKJaXmPLvHcESHA=")
        .put("routeKey", route.key())
        .put("stage", STAGE)
        .put("time", "23/Nov/2026:21:42:08 +0000")
        .put("timeEpoch", Journey.START.toEpochMilli());
  }

  /** Only bodies of some types reach a function as text. */
  private void putBody(ObjectNode event) {
    boolean isText = line.contentType().filter("application/json"::equals).isPresent();
    if (body.length > 0) {
      event.put(
          "body",
          isText
              ? new String(body, StandardCharsets.UTF_8)
              : Base64.getEncoder().encodeToString(body));
    }
    event.put("isBase64Encoded", body.length > 0 && !isText);
  }

  private static void putUnlessEmpty(ObjectNode event, String field, Map<String, String> values) {
    if (!values.isEmpty()) {
      values.forEach(event.putObject(field)::put);
    }
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
