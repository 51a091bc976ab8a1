package io.fleetwell.update;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** An API that gives any answer, also those that Fleetwell never gives. */
final class FakeApi implements AutoCloseable {
  /** An answer. */
  record Answer(int status, String body, Map<String, String> headers) {
    static Answer of(int status, String body) {
      return new Answer(status, body, Map.of());
    }
  }

  private final HttpServer server;
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Runnable before = () -> {};

  private FakeApi(HttpServer server) {
    this.server = server;
  }

  static FakeApi start() throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    FakeApi api = new FakeApi(http);
    http.createContext("/", api::answer);
    http.start();
    return api;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Gives these answers, one after the other, and then the last one for ever. */
  FakeApi answers(Answer... next) {
    answers.clear();
    answers.addAll(List.of(next));
    return this;
  }

  /** Offers an update, by JSON with single quotes. */
  FakeApi offers(String json) {
    return answers(Answer.of(200, json.replace('\'', '"')));
  }

  /** Does something before each answer, while the caller waits. */
  void beforeAnAnswer(Runnable action) {
    before = action;
  }

  int calls() {
    return calls.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      calls.incrementAndGet();
      before.run();
      Answer answer = answers.size() > 1 ? answers.remove() : answers.element();
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
