package io.fleetwell.local;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** HTTP servers that only this machine can reach, and that answer only to its own names. */
final class Servers {
  private static final String LOOPBACK = "127.0.0.1";

  /** API Gateway's limit on the request line and headers together. */
  private static final int MAX_HEADER_BYTES = 10_240;

  private Servers() {}

  /** A server that is not started yet. Port 0 is any free port. */
  static Server onLoopback(int port, Handler handler) {
    QueuedThreadPool threads = new QueuedThreadPool(64, 4);
    threads.setDaemon(true);
    Server server = new LoopbackServer(threads);
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(true);
    // The handler decides on odd paths, such as those with %2F or //.
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    connector.setHost(LOOPBACK);
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(handler);
    return server;
  }

  /** Takes the port, before the server answers. */
  static URI open(Server server) throws IOException {
    ((ServerConnector) server.getConnectors()[0]).open();
    return uri(server);
  }

  /** The path of a request, not decoded. */
  static String pathOf(Request request) {
    return Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
  }

  /** The address of a server that has its port. */
  static URI uri(Server server) {
    int port = ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    return URI.create("http://%s:%d".formatted(LOOPBACK, port));
  }
}
