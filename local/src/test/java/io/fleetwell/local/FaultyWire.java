package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Lies between the SDK and DynamoDB, keeps what is asked, and loses answers to operations that took effect. */
public final class FaultyWire implements AutoCloseable {
  /** Headers that the JDK's client sets itself. */
  private static final Set<String> NOT_PASSED_ON =
      Set.of("host", "connection", "content-length", "transfer-encoding");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final URI target;
  private final String operation;
  private final AtomicInteger toLose;
  private final Runnable meanwhile;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

  /**
   * A call that came by.
   *
   * @param operation of DynamoDB, such as {@code PutItem}
   */
  public record Call(String operation, byte[] body) {
    JsonNode json() {
      try {
        return Api.JSON.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Loses nothing. */
  public FaultyWire(URI target) throws IOException {
    this(target, "", 0);
  }

  /** Loses the answers to the first so many calls of an operation, such as {@code PutItem}. */
  public FaultyWire(URI target, String operation, int answersToLose) throws IOException {
    this(target, operation, answersToLose, () -> {});
  }

  /** Does something else as well whenever an answer is lost, before the caller can try again. */
  public FaultyWire(URI target, String operation, int answersToLose, Runnable meanwhile)
      throws IOException {
    this.meanwhile = meanwhile;
    this.target = target;
    this.operation = operation;
    this.toLose = new AtomicInteger(answersToLose);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::passOn);
    server.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** How many answers are still to be lost; zero proves that the fault has happened. */
  public int left() {
    return toLose.get();
  }

  /** The calls that have come by since this was last asked for. */
  public List<Call> takeCalls() {
    List<Call> taken = new ArrayList<>();
    for (Call call = calls.poll(); call != null; call = calls.poll()) {
      taken.add(call);
    }
    return taken;
  }

  private static Call callOf(HttpExchange exchange, byte[] body) {
    String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
    return new Call(target.substring(target.lastIndexOf('.') + 1), body);
  }

  private void passOn(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Call call = callOf(exchange, body);
      calls.add(call);
      HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
          .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
      exchange.getRequestHeaders().forEach((name, values) -> {
        if (!NOT_PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
          values.forEach(value -> request.header(name, value));
        }
      });
      HttpResponse<byte[]> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (call.operation().equals(operation)
          && toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        meanwhile.run();
        // Closed without a word: what the SDK sees is a broken connection.
        return;
      }
      response.headers().map().forEach((name, values) -> {
        if (!NOT_PASSED_ON.contains(name) && !name.startsWith(":")) {
          exchange.getResponseHeaders().put(name, values);
        }
      });
      exchange.sendResponseHeaders(
          response.statusCode(), response.body().length == 0 ? -1 : response.body().length);
      exchange.getResponseBody().write(response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
