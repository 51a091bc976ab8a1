package io.fleetwell.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One route's function. It reads the gateway's event from the stream itself, since Lambda's own event classes cost 650
 * ms of every cold start, makes sure that there is a caller of a kind that the route is for, and turns what is thrown
 * into an answer.
 */
public abstract class HttpHandler implements RequestStreamHandler {
  private final Clock clock;
  private final Set<Principal.Kind> callers;

  /** For callers of these kinds; all others get 403. The clock tells when a token has expired. */
  protected HttpHandler(Clock clock, Principal.Kind first, Principal.Kind... others) {
    this.clock = clock;
    this.callers = EnumSet.of(first, others);
  }

  /**
   * Answers a call from an authenticated caller of the right kind.
   *
   * @throws Failure for everything that the caller is to be told went wrong
   */
  protected abstract Response handle(Request request);

  @Override
  public final void handleRequest(InputStream in, OutputStream out, Context context)
      throws IOException {
    JsonNode event = Json.readEvent(in);
    answer(event, context).writeTo(out);
  }

  private Response answer(JsonNode event, Context context) {
    String requestId = event.path("requestContext").path("requestId").asText("");
    try {
      return handle(new Request(event, caller(event)));
    } catch (Failure failure) {
      if (failure.kind() == Failure.Kind.UNAVAILABLE) {
        log(context, requestId, failure);
      }
      return Problem.response(failure, requestId);
    } catch (RuntimeException unforeseen) {
      log(context, requestId, unforeseen);
      return Problem.unforeseen(requestId);
    }
  }

  private Principal caller(JsonNode event) {
    Principal caller = Principal.fromContext(
            event.path("requestContext").path("authorizer").path("lambda"))
        .orElseThrow(() -> Failure.of(
            Failure.Kind.UNAUTHENTICATED, "The call came without an authorized caller."));
    if (!clock.instant().isBefore(caller.expires())) {
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

  private static void log(Context context, String requestId, Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    context.getLogger().log("request " + requestId + " failed: " + trace, LogLevel.ERROR);
  }
}
