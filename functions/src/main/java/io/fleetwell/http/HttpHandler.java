package io.fleetwell.http;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Category;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.ids.DeviceIds;
import io.fleetwell.ids.Words;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.telemetry.LogLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The function of one route. It admits only the kinds of callers that the route is for, and turns failures into answers.
 */
public abstract class HttpHandler extends EventHandler {
  static final FailureKind TOKEN_EXPIRED =
      new FailureKind(Category.UNAUTHENTICATED, "token-expired", "Token expired");

  /** The request did not pass the authorizer: a fault of the deployment. */
  static final FailureKind UNAUTHENTICATED =
      new FailureKind(Category.UNAUTHENTICATED, "unauthenticated", "Authentication required");

  /** An unforeseen error. Only the log shows the cause, under the request id. */
  static final FailureKind INTERNAL =
      new FailureKind(Category.INTERNAL, "internal", "Internal error");

  private static final List<String> PARAMETERS = List.of("pathParameters", "queryStringParameters");

  /** Routes that only these kinds may call refuse unknown parameters: a mistyped filter would select too much. */
  private static final Set<Principal.Kind> STRICT =
      EnumSet.of(Principal.Kind.OPERATOR, Principal.Kind.SUPPORT);

  private final Set<Principal.Kind> callers;

  /** For callers of these kinds; all others get 403. */
  protected HttpHandler(Aws aws, Principal.Kind first, Principal.Kind... others) {
    super(aws);
    this.callers = EnumSet.of(first, others);
  }

  /**
   * Answers a call from an authenticated caller of the right kind.
   *
   * @throws Failure for every error that the caller may know of
   */
  protected abstract Response handle(Request request);

  /**
   * The query parameters that the route knows; reading another one is an error. A route that only operators and support call
   * refuses all others, every other route ignores them.
   */
  protected Set<String> parameters() {
    return Set.of();
  }

  @Override
  protected final JsonNode answer(JsonNode event, LogLine line, LambdaLogger logger) {
    Optional<Principal> caller =
        Principal.fromContext(event.path("requestContext").path("authorizer").path("lambda"));
    caller.ifPresent(it -> line.put("caller", Words.of(it.kind())));
    deviceId(event, caller).ifPresent(id -> line.put("deviceId", id));
    Response response = response(event, caller, logger);
    line.put("status", response.status());
    response.problem().ifPresent(problem -> line.put("problem", problem));
    response.metrics().forEach(line::count);
    return (route(event).startsWith("HEAD ") ? response.toHead() : response).toGateway();
  }

  private Response response(JsonNode event, Optional<Principal> caller, LambdaLogger logger) {
    String requestId = requestId(event);
    try {
      return response(new Request(event, admitted(caller), parameters()));
    } catch (Failure failure) {
      log(logger, requestId, failure);
      return Problem.response(failure, requestId);
    } catch (RuntimeException unforeseen) {
      log(logger, "fault", requestId, unforeseen);
      return Problem.response(
          Failure.of(
              INTERNAL,
              "An unexpected error occurred. Report the request id to the operator of this service."),
          requestId);
    }
  }

  private Response response(Request request) {
    if (STRICT.containsAll(callers)) {
      request.requireKnownParameters();
    }
    Response response = handle(request);
    return isHeld(request, response) ? response.notModified() : response;
  }

  /**
   * Whether the caller has the response already. The precondition is read last: it makes no difference to an error (RFC
   * 9110, 13.2.1), so a stranger learns nothing from it, and none to a response without a revision.
   */
  private static boolean isHeld(Request request, Response response) {
    Optional<String> revision = response.revision();
    return request.reads() && revision.isPresent() && !request.ifNoneMatch().admits(revision, true);
  }

  /** The device that a call is about. Only text with the syntax of an id is logged; other text may be anything. */
  private static Optional<String> deviceId(JsonNode event, Optional<Principal> caller) {
    for (String parameters : PARAMETERS) {
      String id = event.path(parameters).path("deviceid").asText("");
      if (!id.isEmpty() && DeviceIds.hasDeviceIdSyntax(id)) {
        return Optional.of(id);
      }
    }
    return caller.filter(Principal::isDevice).map(Principal::id);
  }

  private Principal admitted(Optional<Principal> authenticated) {
    Principal caller = authenticated.orElseThrow(
        () -> Failure.of(UNAUTHENTICATED, "The request has no authenticated caller."));
    if (!clock().instant().isBefore(caller.expires())) {
      throw Failure.of(
          TOKEN_EXPIRED, "The bearer token has expired: get a new one and send the request again.");
    }
    if (!callers.contains(caller.kind())) {
      String allowed = callers.stream().map(HttpHandler::many).collect(Collectors.joining(" and "));
      throw Failure.of(
          FailureKind.FORBIDDEN,
          "This call is for %s; your token is of kind %s."
              .formatted(allowed, Words.of(caller.kind())));
    }
    return caller;
  }

  private static String many(Principal.Kind kind) {
    return kind == Principal.Kind.SUPPORT ? "support" : Words.of(kind) + "s";
  }

  /** The first words are those by which {@code template.yaml} counts the lines. */
  private static void log(LambdaLogger logger, String requestId, Failure failure) {
    if (failure.isOutage()) {
      log(logger, "outage", requestId, failure);
    } else if (failure.isUnavailable()) {
      logger.log("contention in request " + requestId, LogLevel.WARN);
    }
  }

  private static void log(LambdaLogger logger, String what, String requestId, Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    logger.log("%s in request %s: %s".formatted(what, requestId, trace), LogLevel.ERROR);
  }
}
