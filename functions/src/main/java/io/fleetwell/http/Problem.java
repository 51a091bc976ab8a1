package io.fleetwell.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fleetwell.failure.Category;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Failures as answers: RFC 9457, {@code application/problem+json}. This is the only place that maps them to statuses. */
final class Problem {
  private static final String TYPE_PREFIX = "urn:fleetwell:problem:";
  private static final int INTERNAL_STATUS = 500;
  private static final String INTERNAL = "internal";

  private Problem() {}

  static int status(Category category) {
    return switch (category) {
      case INVALID -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case CONFLICT -> 409;
      case STALE -> 412;
      case TOO_LARGE -> 413;
      case UNSUPPORTED_TYPE -> 415;
      case UNPROCESSABLE -> 422;
      case TOO_MANY -> 429;
      case UNAVAILABLE -> 503;
    };
  }

  static Response response(Failure failure, String requestId) {
    FailureKind kind = failure.kind();
    Response response = response(status(kind.category()), kind.name(), json(failure, requestId));
    Optional<Duration> wait = failure.retryAfter();
    if (wait.isPresent()) {
      return response.with("retry-after", String.valueOf(seconds(wait.get())));
    }
    return kind.category() == Category.UNAUTHENTICATED
        ? response.with("www-authenticate", challenge(kind))
        : response;
  }

  /** RFC 6750, 3: an error is named only if there was a token. */
  private static String challenge(FailureKind kind) {
    return kind.equals(HttpHandler.TOKEN_EXPIRED)
        ? "Bearer error=\"invalid_token\", error_description=\"The token has expired\""
        : "Bearer";
  }

  /** Rounded up, because a caller who comes a part of a second too early is refused once more. */
  private static long seconds(Duration wait) {
    return wait.plusSeconds(1).minusNanos(1).toSeconds();
  }

  /** The answer to an unforeseen error. It shows nothing internal; the log has all of it, under the request id. */
  static Response internal(String requestId) {
    return response(
        INTERNAL_STATUS,
        INTERNAL,
        json(
            INTERNAL_STATUS,
            INTERNAL,
            "Something went wrong on our side",
            "The request could not be completed. Give the request id to whoever runs this service.",
            requestId));
  }

  private static Response response(int status, String name, ObjectNode json) {
    return new Response(
        status,
        Map.of("content-type", "application/problem+json", "cache-control", "no-store"),
        Json.text(json),
        List.of(),
        Optional.of(name));
  }

  /** The failure of a whole request, or of one part of it. */
  static ObjectNode json(Failure failure, String requestId) {
    FailureKind kind = failure.kind();
    ObjectNode json =
        json(status(kind.category()), kind.name(), kind.title(), failure.detail(), requestId);
    failure.members().forEach((member, value) -> json.set(member, member(value)));
    if (!failure.errors().isEmpty()) {
      ArrayNode list = json.putArray("errors");
      failure
          .errors()
          .forEach(error ->
              list.addObject().put("pointer", error.pointer()).put("detail", error.detail()));
    }
    return json;
  }

  private static ObjectNode json(
      int status, String name, String title, String detail, String requestId) {
    return Json.object()
        .put("type", TYPE_PREFIX + name)
        .put("title", title)
        .put("status", status)
        .put("detail", detail)
        .put("requestid", requestId);
  }

  /** The value of a further member, of one of the types that {@link Failure#of} takes. */
  private static JsonNode member(Object value) {
    if (value instanceof Boolean flag) {
      return BooleanNode.valueOf(flag);
    }
    if (value instanceof List<?> list) {
      ArrayNode array = Json.object().arrayNode();
      list.forEach(element -> array.add((String) element));
      return array;
    }
    return TextNode.valueOf((String) value);
  }
}
