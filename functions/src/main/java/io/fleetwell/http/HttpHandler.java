package io.fleetwell.http;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.auth.DeviceNames;
import io.fleetwell.auth.Principal;
import io.fleetwell.failure.Failure;
import io.fleetwell.json.JsonText;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.lambda.FunctionRuntime;
import io.fleetwell.telemetry.LogLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One route's function. It makes sure that there is a caller of a kind that the route is for, and turns what is thrown
 * into an answer.
 */
public abstract class HttpHandler extends EventHandler {
  /**
   * What no function reads of an event, and what is a fifth of the time of reading it: where and when the call came in,
   * and the token, which the authorizer has verified. Nothing that is read may have such a name, wherever it is.
   */
  private static final Set<String> UNREAD = Set.of(
      "accept",
      "accountId",
      "apiId",
      "authorization",
      "domainName",
      "domainPrefix",
      "host",
      "http",
      "rawPath",
      "stage",
      "time",
      "timeEpoch",
      "user-agent",
      "x-amzn-trace-id",
      "x-forwarded-for",
      "x-forwarded-port",
      "x-forwarded-proto");

  private static final List<String> PARAMETERS = List.of("pathParameters", "queryStringParameters");

  private final Set<Principal.Kind> callers;

  /** For callers of these kinds; all others get 403. */
  protected HttpHandler(FunctionRuntime runtime, Principal.Kind first, Principal.Kind... others) {
    super(runtime);
    this.callers = EnumSet.of(first, others);
  }

  /**
   * Answers a call from an authenticated caller of the right kind.
   *
   * @throws Failure for everything that the caller is to be told went wrong
   */
  protected abstract Response handle(Request request);

  @Override
  protected final void answer(InputStream in, OutputStream out, LogLine line, LambdaLogger logger)
      throws IOException {
    JsonNode event = JsonText.readWithout(UNREAD, in);
    Optional<Principal> caller =
        Principal.fromContext(event.path("requestContext").path("authorizer").path("lambda"));
    line.put("requestId", requestId(event));
    line.put("route", event.path("routeKey").asText(""));
    caller.ifPresent(it -> line.put("caller", it.kind().word()));
    deviceId(event, caller).ifPresent(id -> line.put("deviceId", id));
    Response response = response(event, caller, line, logger);
    line.put("status", response.status());
    response.counts().forEach(line::count);
    response.writeTo(out);
  }

  private Response response(
      JsonNode event, Optional<Principal> caller, LogLine line, LambdaLogger logger) {
    String requestId = requestId(event);
    try {
      return handle(new Request(event, admitted(caller)));
    } catch (Failure failure) {
      if (failure.kind() == Failure.Kind.UNAVAILABLE) {
        log(logger, requestId, failure);
      }
      line.put("problem", Problem.of(failure.kind()).name());
      return Problem.response(failure, requestId);
    } catch (RuntimeException unforeseen) {
      log(logger, requestId, unforeseen);
      line.put("problem", Problem.INTERNAL.name());
      return Problem.unforeseen(requestId);
    }
  }

  private static String requestId(JsonNode event) {
    return event.path("requestContext").path("requestId").asText("");
  }

  /** The device that a call is about. What cannot be the id of one may be anything, and has no place in a log. */
  private static Optional<String> deviceId(JsonNode event, Optional<Principal> caller) {
    for (String parameters : PARAMETERS) {
      String id = event.path(parameters).path("deviceid").asText("");
      if (!id.isEmpty() && DeviceNames.DEVICE_ID.matcher(id).matches()) {
        return Optional.of(id);
      }
    }
    return caller.filter(Principal::isDevice).map(Principal::id);
  }

  private Principal admitted(Optional<Principal> authenticated) {
    Principal caller = authenticated.orElseThrow(() ->
        Failure.of(Failure.Kind.UNAUTHENTICATED, "The call came without an authorized caller."));
    if (!clock().instant().isBefore(caller.expires())) {
      throw Failure.of(
          Failure.Kind.TOKEN_EXPIRED,
          "The bearer token has expired: get a new one and send the request again.");
    }
    if (!callers.contains(caller.kind())) {
      String allowed = callers.stream().map(Principal.Kind::word).collect(Collectors.joining(", "));
      throw Failure.of(
          Failure.Kind.FORBIDDEN,
          "This is for callers of the kind %s; the token is of the kind %s."
              .formatted(allowed, caller.kind().word()));
    }
    return caller;
  }

  private static void log(LambdaLogger logger, String requestId, Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    logger.log("request " + requestId + " failed: " + trace, LogLevel.ERROR);
  }
}
