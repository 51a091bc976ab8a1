package io.fleetwell.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import io.fleetwell.local.Permissions.Permission;
import io.fleetwell.local.Template.Function;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lambda's API, as far as functions call it: a function calls another one by its alias, and waits. Each function has an
 * address of its own, which tells whose policies decide.
 *
 * <p>A call must have a signature. It is not verified: a browser lets no page of another origin send this header, and any
 * other program on this machine gets tokens anyway.
 */
final class LocalLambda extends Handler.Abstract {
  private static final Pattern CALL =
      Pattern.compile("/([^/]+)/2015-03-31/functions/([\\w-]+)%3A([\\w-]+)/invocations");

  private final Template template;
  private final LocalFunctions functions;

  LocalLambda(Template template, LocalFunctions functions) {
    this.template = template;
    this.functions = functions;
  }

  /** The address for the calls of a function. */
  static URI addressFor(Function caller, URI server) {
    return URI.create(server + "/" + caller.name());
  }

  private record Answer(int status, String header, String value, String body) {
    static Answer refused(int status, String error) {
      return new Answer(status, "x-amzn-ErrorType", error, "{}");
    }

    /** A call that the function failed is a successful call of Lambda. */
    static Answer failed(RuntimeException e) {
      ObjectNode error = Json.object().put("errorMessage", String.valueOf(e.getMessage()));
      return new Answer(200, "X-Amz-Function-Error", "Unhandled", Json.text(error));
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Answer answer = answer(request);
    response.setStatus(answer.status());
    response.getHeaders().put(answer.header(), answer.value());
    response.write(true, ByteBuffer.wrap(answer.body().getBytes(StandardCharsets.UTF_8)), callback);
    return true;
  }

  private Answer answer(Request request) throws IOException {
    if (!request.getHeaders().contains(HttpHeader.AUTHORIZATION)) {
      return Answer.refused(HttpStatus.FORBIDDEN_403, "MissingAuthenticationTokenException");
    }
    Matcher call = CALL.matcher(Servers.pathOf(request));
    if (!call.matches()) {
      return Answer.refused(HttpStatus.BAD_REQUEST_400, "InvalidRequestContentException");
    }
    String arn = LocalAccount.arnOfAlias(call.group(2), call.group(3));
    if (!functions.permissions(template.function(call.group(1))).allows(invocationOf(arn))) {
      return Answer.refused(HttpStatus.FORBIDDEN_403, "AccessDeniedException");
    }
    return template.functions().stream()
        .filter(it -> it.arn().filter(arn::equals).isPresent())
        .findFirst()
        .map(called -> answerOf(called, request))
        .orElseGet(() -> Answer.refused(HttpStatus.NOT_FOUND_404, "ResourceNotFoundException"));
  }

  private static Permission invocationOf(String arn) {
    return new Permission("lambda:InvokeFunction", arn);
  }

  private Answer answerOf(Function called, Request request) {
    try (InputStream event = Content.Source.asInputStream(request)) {
      return new Answer(
          HttpStatus.OK_200,
          "X-Amz-Executed-Version",
          "1",
          functions.get(called).invoke(event.readAllBytes()).toString());
    } catch (IOException e) {
      return Answer.failed(new IllegalStateException(e));
    } catch (RuntimeException e) {
      return Answer.failed(e);
    }
  }
}
