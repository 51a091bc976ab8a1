package io.fleetwell.snapstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A server in this process that stands in for DynamoDB and S3: every call succeeds, and finds nothing. */
record LoopbackStore(HttpServer server) implements AutoCloseable {
  private static final byte[] ANSWER = "{}".getBytes(StandardCharsets.UTF_8);

  static LoopbackStore start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", LoopbackStore::answer);
    server.start();
    return new LoopbackStore(server);
  }

  private static void answer(HttpExchange call) throws IOException {
    try (call) {
      call.getRequestBody().readAllBytes();
      // No connection may stay open in the snapshot.
      call.getResponseHeaders().set("Connection", "close");
      boolean bodiless = call.getRequestMethod().equals("HEAD");
      call.sendResponseHeaders(200, bodiless ? -1 : ANSWER.length);
      if (!bodiless) {
        call.getResponseBody().write(ANSWER);
      }
    }
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
