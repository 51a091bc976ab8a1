package io.fleetwell.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers calls that cannot be read, such as those with too large headers, in the form of the gateway's errors. */
final class GatewayErrors extends ErrorHandler {
  static final String CONTENT_TYPE = "application/json";

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String message = HttpStatus.getMessage(response.getStatus());
    response.getHeaders().put("content-type", CONTENT_TYPE);
    response.write(true, ByteBuffer.wrap(body(message)), callback);
    return true;
  }

  /** The body of an error of the gateway. */
  static byte[] body(String message) {
    return "{\"message\":\"%s\"}".formatted(message).getBytes(StandardCharsets.UTF_8);
  }
}
