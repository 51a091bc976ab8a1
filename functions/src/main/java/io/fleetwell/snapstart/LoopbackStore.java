package io.fleetwell.snapstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A server in this process that stands in for DynamoDB and S3. Every call succeeds. It finds nothing, unless the function
 * has an answer among the resources of this package: without a device's key, the authorizer would verify no signature.
 */
record LoopbackStore(HttpServer server) implements AutoCloseable {
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

  /** Starts the stores of a function, which has this name in the template. */
  static LoopbackStore start(String function) throws IOException {
    byte[] answer = answerTo(function);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", call -> send(answer, call));
    server.start();
    return new LoopbackStore(server);
  }

  private static byte[] answerTo(String function) throws IOException {
    try (InputStream in = LoopbackStore.class.getResourceAsStream(function + ".json")) {
      return in == null ? NOTHING : in.readAllBytes();
    }
  }

  private static void send(byte[] answer, HttpExchange call) throws IOException {
    try (call) {
      call.getRequestBody().readAllBytes();
      // No connection may stay open in the snapshot.
      call.getResponseHeaders().set("Connection", "close");
      boolean bodiless = call.getRequestMethod().equals("HEAD");
      call.sendResponseHeaders(200, bodiless ? -1 : answer.length);
      if (!bodiless) {
        call.getResponseBody().write(answer);
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
