package io.fleetwell.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Category;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.FieldError;
import io.fleetwell.failure.ParameterError;
import io.fleetwell.json.Json;
import java.time.Duration;
import java.util.Optional;

/** Failures as answers: RFC 9457, {@code application/problem+json}. This is the only place that maps them to statuses. */
final class Problem {
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
      case INTERNAL -> 500;
      case UNAVAILABLE -> 503;
    };
  }

  static Response response(Failure failure, String requestId) {
    FailureKind kind = failure.kind();
    Response response =
        Response.problem(status(kind.category()), kind.name(), json(failure, requestId));
    Optional<Duration> wait = failure.retryAfter();
    if (wait.isPresent()) {
      return response.with("retry-after", String.valueOf(seconds(wait.get())));
    }
    return kind.category() == Category.UNAUTHENTICATED
        ? response.with("www-authenticate", challenge(kind))
        : response;
  }

  /** RFC 6750, 3: the challenge names an error only if there was a token. */
  private static String challenge(FailureKind kind) {
    return kind.equals(HttpHandler.TOKEN_EXPIRED)
        ? "Bearer error=\"invalid_token\", error_description=\"The token has expired\""
        : "Bearer";
  }

  /** Rounded up, because a caller who retries a fraction of a second too early is refused again. */
  private static long seconds(Duration wait) {
    return wait.plusSeconds(1).minusNanos(1).toSeconds();
  }

  /** The body for the failure of a request, or of one line of it. */
  static ObjectNode json(Failure failure, String requestId) {
    FailureKind kind = failure.kind();
    ObjectNode json = Json.object()
        .put("type", "urn:fleetwell:problem:" + kind.name())
        .put("title", kind.title())
        .put("status", status(kind.category()))
        .put("detail", failure.detail())
        .put("requestid", requestId);
    failure.members().forEach(json::putPOJO);
    ArrayNode errors = json.arrayNode();
    for (FieldError error : failure.errors()) {
      errors.addObject().put("pointer", error.pointer()).put("detail", error.detail());
    }
    for (ParameterError error : failure.parameterErrors()) {
      errors.addObject().put("parameter", error.parameter()).put("detail", error.detail());
    }
    return errors.isEmpty() ? json : json.set("errors", errors);
  }
}
