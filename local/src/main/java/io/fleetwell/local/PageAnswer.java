package io.fleetwell.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** An answer of the local system's own pages. No cache keeps it, and no page of another origin embeds it. */
record PageAnswer(int status, Map<String, String> headers, byte[] body) {
  private static final String TEXT = "text/plain; charset=utf-8";

  static PageAnswer text(String body) {
    return of(TEXT, body);
  }

  static PageAnswer json(int status, String body) {
    return of(status, "application/json", body);
  }

  static PageAnswer of(String type, String body) {
    return of(200, type, body);
  }

  static PageAnswer of(int status, String type, String body) {
    return new PageAnswer(
        status, Map.of("content-type", type), body.getBytes(StandardCharsets.UTF_8));
  }

  static PageAnswer error(int status, String message) {
    return of(status, TEXT, message + "\n");
  }

  /** Sends the browser to another address, with GET. */
  static PageAnswer seeOther(String address) {
    return new PageAnswer(303, Map.of("location", address), new byte[0]);
  }

  /** The same answer with more headers. */
  PageAnswer with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(headers);
    all.putAll(more);
    return new PageAnswer(status, all, body);
  }

  void send(Response response, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put("cache-control", "no-store");
    response.getHeaders().put("cross-origin-resource-policy", "same-origin");
    response.getHeaders().put("x-content-type-options", "nosniff");
    headers.forEach((name, value) -> response.getHeaders().put(name, value));
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
