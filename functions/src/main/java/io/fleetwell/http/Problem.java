package io.fleetwell.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FieldError;
import io.fleetwell.json.JsonText;
import io.fleetwell.telemetry.Count;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How failures are told over HTTP: RFC 9457, {@code application/problem+json}. This is the one place that maps them.
 *
 * @param name the last part of the problem's {@code type}; programs rely on it, so it never changes
 */
record Problem(int status, String name, String title) {
  private static final String TYPE_PREFIX = "urn:fleetwell:problem:";

  /** Anything that nobody foresaw. It says nothing of the inside; the log, found by the request id, says it all. */
  static final Problem INTERNAL = new Problem(500, "internal", "Something went wrong on our side");

  static Problem of(Failure.Kind kind) {
    return switch (kind) {
      case INVALID -> new Problem(400, "invalid", "The request cannot be understood");
      case TOKEN_EXPIRED -> new Problem(401, "token-expired", "The token has expired");
      case UNAUTHENTICATED -> new Problem(401, "unauthenticated", "There is no caller");
      case FORBIDDEN -> new Problem(403, "forbidden", "Not for this kind of caller");
      case NOT_FOUND -> new Problem(404, "not-found", "Not there, or not yours to see");
      case NO_UPDATE -> new Problem(404, "no-update", "There is no update for the device");
      case CLAIM_CODE -> new Problem(403, "claim-code", "The device's claim code is needed");
      case ALREADY_OWNED -> new Problem(409, "already-owned", "The device has an owner");
      case ALREADY_PUBLISHED ->
        new Problem(409, "already-published", "This firmware is published already");
      case CLAIM_CODE_EXISTS ->
        new Problem(409, "claim-code-exists", "The device has another claim code");
      case KEY_EXISTS -> new Problem(409, "key-exists", "Another key has this id");
      case TOO_MANY_KEYS -> new Problem(409, "too-many-keys", "The device has too many keys");
      case TOO_MANY_DEVICES ->
        new Problem(403, "too-many-devices", "The user has too many devices");
      case TOO_MANY_PATTERNS ->
        new Problem(409, "too-many-patterns", "Too many patterns of serial numbers");
      case LAST_KEY -> new Problem(409, "last-key", "The device has no other key");
      case AMBIGUOUS -> new Problem(409, "ambiguous", "More than one fits");
      case STALE -> new Problem(412, "stale", "The record has changed");
      case TOO_LARGE -> new Problem(413, "too-large", "More than is accepted");
      case UNSUPPORTED_TYPE -> new Problem(415, "unsupported-type", "A type that is not accepted");
      case UNSOUND_ZIP -> new Problem(422, "unsound-zip", "Not a sound zip file");
      case TOO_MANY_ATTEMPTS -> new Problem(429, "too-many-attempts", "Too many wrong claim codes");
      case TOO_MANY_UPLOADS -> new Problem(429, "too-many-uploads", "Too many uploads in a day");
      case UNAVAILABLE -> new Problem(503, "unavailable", "Not available for now");
    };
  }

  static Response response(Failure failure, String requestId) {
    Response response = of(failure.kind())
        .response(json(failure, requestId))
        .counting(failure.counts().toArray(Count[]::new));
    Optional<Duration> wait = failure.retryAfter();
    if (wait.isPresent()) {
      return response.with("retry-after", String.valueOf(seconds(wait.get())));
    }
    return switch (failure.kind()) {
      case TOKEN_EXPIRED ->
        response.with(
            "www-authenticate",
            "Bearer error=\"invalid_token\", error_description=\"The token has expired\"");
      case UNAUTHENTICATED -> response.with("www-authenticate", "Bearer");
      default -> response;
    };
  }

  /** Rounded up, since whoever comes a part of a second too early is sent away once more. */
  private static long seconds(Duration wait) {
    return wait.plusSeconds(1).minusNanos(1).toSeconds();
  }

  /** The problem that a failure is, whether of a whole request or of one part of it. */
  static ObjectNode json(Failure failure, String requestId) {
    return of(failure.kind())
        .json(failure.detail(), failure.members(), failure.errors(), requestId);
  }

  /** The answer to what nobody foresaw. */
  static Response unforeseen(String requestId) {
    String detail =
        "The request could not be completed. Give the request id to whoever runs this service.";
    return INTERNAL.response(INTERNAL.json(detail, Map.of(), List.of(), requestId));
  }

  private Response response(ObjectNode json) {
    Map<String, String> headers =
        Map.of("content-type", "application/problem+json", "cache-control", "no-store");
    return new Response(status, headers, JsonText.of(json));
  }

  private ObjectNode json(
      String detail, Map<String, Object> members, List<FieldError> errors, String requestId) {
    ObjectNode json = Json.object();
    json.put("type", TYPE_PREFIX + name)
        .put("title", title)
        .put("status", status)
        .put("detail", detail)
        .put("requestid", requestId);
    members.forEach((member, value) -> json.set(member, member(value)));
    if (!errors.isEmpty()) {
      ArrayNode list = json.putArray("errors");
      errors.forEach(
          error -> list.addObject().put("pointer", error.pointer()).put("detail", error.detail()));
    }
    return json;
  }

  /** The value of a further member, of one of the types that {@link Failure#of} takes. */
  private static JsonNode member(Object value) {
    if (value instanceof Boolean flag) {
      return BooleanNode.valueOf(flag);
    }
    if (value instanceof List<?> list) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      list.forEach(element -> array.add((String) element));
      return array;
    }
    return TextNode.valueOf((String) value);
  }
}
