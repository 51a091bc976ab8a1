package io.fleetwell.local;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.ThreadPool;

/**
 * A server that answers only requests whose {@code Host} is this machine, on any port, so that forwarded ports work. A web
 * page can give its own name the address 127.0.0.1 (DNS rebinding). Its requests then reach this server from the user's
 * browser, which lets the page read the answers; but they have the page's name as their {@code Host}.
 */
final class LoopbackServer extends Server {
  private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  private static final String REFUSAL =
      "This server answers only calls to this machine: use localhost, 127.0.0.1 or [::1] as the host.";

  LoopbackServer(ThreadPool threads) {
    super(threads);
  }

  /** Whether a request is for this machine. Jetty takes one without a host, which no browser sends, for one. */
  private static boolean isForThisMachine(Request request) {
    return Optional.ofNullable(request.getHttpURI().getHost())
        .filter(host -> NAMES.contains(host.toLowerCase(Locale.ROOT)))
        .isPresent();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (isForThisMachine(request)) {
      return super.handle(request, response, callback);
    }
    response.setStatus(HttpStatus.MISDIRECTED_REQUEST_421);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, GatewayErrors.CONTENT_TYPE);
    response.write(true, ByteBuffer.wrap(GatewayErrors.body(REFUSAL)), callback);
    return true;
  }
}
