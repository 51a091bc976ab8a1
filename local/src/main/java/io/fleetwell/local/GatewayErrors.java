package io.fleetwell.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors from before a call reaches the gateway, such as headers that are too large, in the gateway's form. */
final class GatewayErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String message = HttpStatus.getMessage(response.getStatus());
    response.getHeaders().put("content-type", "application/json");
    byte[] body = "{\"message\":\"%s\"}".formatted(message).getBytes(StandardCharsets.UTF_8);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
