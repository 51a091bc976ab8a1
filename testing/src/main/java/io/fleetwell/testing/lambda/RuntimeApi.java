package io.fleetwell.testing.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.Api;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lambda's Runtime API, version 2018-06-01, for the process of one function, and the credentials endpoint of functions
 * that start from a snapshot.
 */
public final class RuntimeApi implements AutoCloseable {
  static final String CREDENTIALS_TOKEN = "credentials-token";

  private static final String VERSION = "/2018-06-01/runtime/";
  private static final String CREDENTIALS = "/2021-04-23/credentials";
  private static final int ACCEPTED = 202;

  static {
    // Headers and body go in two packets. On a kept connection, Nagle's algorithm would delay the
    // second by 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** An error that the function's process reported. */
  public static final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String errorMessage;

    private Fault(String reportedTo, String kind, JsonNode body) {
      super(reportedTo + ": " + kind + ": " + body);
      this.errorMessage = body.path("errorMessage").asText();
    }

    /** The message of the function's exception. */
    public String errorMessage() {
      return errorMessage;
    }
  }

  private record Invocation(String id, byte[] event, CompletableFuture<JsonNode> answer) {}

  /** When the last event was handed out and when it was answered, by {@link System#nanoTime}. */
  private volatile long handedOut;

  private volatile long answered;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Function function;
  private final String secret;
  private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
  private final Map<String, Invocation> underWay = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> checkpointed = new CompletableFuture<>();
  private final CompletableFuture<Void> restored = new CompletableFuture<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final AtomicInteger credentialsGiven = new AtomicInteger();

  /**
   * @param secret of the access key that it gives to a function that starts from a snapshot
   */
  RuntimeApi(Function function, String secret) throws IOException {
    this.function = function;
    this.secret = secret;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    on(VERSION + "init/error", exchange -> fail(exchange, checkpointed, ready));
    on(VERSION + "restore/next", this::restoreNext);
    on(VERSION + "restore/error", exchange -> fail(exchange, ready));
    on(VERSION + "invocation/", this::result);
    on(VERSION + "invocation/next", this::next);
    on(CREDENTIALS, this::credentials);
    server.start();
  }

  private void on(String path, HttpHandler handler) {
    server.createContext(path, exchange -> {
      try (exchange) {
        handler.handle(exchange);
        // Unread input would close the connection; Lambda keeps it.
        exchange.getRequestBody().readAllBytes();
      }
    });
  }

  /** The host and port of this API. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String credentialsUri() {
    return "http://" + address() + CREDENTIALS;
  }

  /** How often the function has asked for its credentials. */
  public int credentialsGiven() {
    return credentialsGiven.get();
  }

  /** Completes when the function is ready for its snapshot, and waits to be restored. */
  CompletableFuture<Void> checkpointed() {
    return checkpointed;
  }

  /** Restores the function. */
  void restore() {
    restored.complete(null);
  }

  /** Completes when the function has asked for its first event. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Hands an event to the function. */
  CompletableFuture<JsonNode> invoke(byte[] event) {
    Invocation invocation =
        new Invocation(UUID.randomUUID().toString(), event, new CompletableFuture<>());
    underWay.put(invocation.id(), invocation);
    waiting.add(invocation);
    return invocation.answer();
  }

  /** How long the function took for the last event, without the work on this side. */
  public Duration lastTook() {
    return Duration.ofNanos(answered - handedOut);
  }

  private void next(HttpExchange exchange) throws IOException {
    ready.complete(null);
    Invocation invocation;
    try {
      invocation = waiting.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    Map.of(
            "Lambda-Runtime-Aws-Request-Id",
            invocation.id(),
            "Lambda-Runtime-Deadline-Ms",
            String.valueOf(Instant.now().plus(function.timeout()).toEpochMilli()),
            "Lambda-Runtime-Invoked-Function-Arn",
            "arn:aws:lambda:%s:%s:function:%s:live"
                .formatted(LocalAccount.REGION, LocalAccount.ID, function.name()),
            "Lambda-Runtime-Trace-Id",
            "Root=1-6741f0a0-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0",
            "Content-Type",
            "application/json")
        .forEach(exchange.getResponseHeaders()::set);
    handedOut = System.nanoTime();
    send(exchange, 200, invocation.event());
  }

  /** {@code invocation/{id}/response} or {@code invocation/{id}/error}. */
  private void result(HttpExchange exchange) throws IOException {
    Path path = Path.of(exchange.getRequestURI().getPath());
    String id = path.getName(path.getNameCount() - 2).toString();
    CompletableFuture<JsonNode> answer =
        Objects.requireNonNull(underWay.remove(id), id).answer();
    if (path.endsWith("error")) {
      fail(exchange, answer);
      return;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    answered = System.nanoTime();
    answer.complete(Api.JSON.readTree(body));
    accept(exchange);
  }

  private void restoreNext(HttpExchange exchange) throws IOException {
    checkpointed.complete(null);
    restored.join();
    send(exchange, 200, new byte[0]);
  }

  private static void fail(HttpExchange exchange, CompletableFuture<?>... instead)
      throws IOException {
    Fault fault = new Fault(
        exchange.getRequestURI().getPath().substring(VERSION.length()),
        String.valueOf(exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type")),
        Api.JSON.readTree(exchange.getRequestBody()));
    for (CompletableFuture<?> future : instead) {
      future.completeExceptionally(fault);
    }
    accept(exchange);
  }

  private void credentials(HttpExchange exchange) throws IOException {
    if (!CREDENTIALS_TOKEN.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange.sendResponseHeaders(403, -1);
      return;
    }
    credentialsGiven.incrementAndGet();
    // Real credentials have a session token; s3proxy does not support it.
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    send(
        exchange,
        200,
        Api.JSON.writeValueAsBytes(Map.of(
            "AccessKeyId",
            LocalAccount.ACCESS_KEY_ID,
            "SecretAccessKey",
            secret,
            "Expiration",
            Instant.now().plus(Duration.ofHours(6)).toString())));
  }

  private static void accept(HttpExchange exchange) throws IOException {
    send(exchange, ACCEPTED, "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** Cancels pending requests. */
  @Override
  public void close() {
    restored.cancel(false);
    server.stop(0);
    threads.shutdownNow();
  }
}
