package io.fleetwell.authorizer;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The discovery document and the keys of an OIDC issuer on this machine. Tests can change its answers at any time. */
final class TestIssuer implements AutoCloseable {
  static final String DISCOVERY = "/tenant/.well-known/openid-configuration";

  private final HttpServer server;
  private final AtomicInteger keyRequests = new AtomicInteger();
  private volatile int discoveryStatus = 200;
  private volatile String discovery;
  private volatile int keysStatus = 200;
  private volatile String keys = "";
  private volatile boolean hangsAtDiscovery;
  private volatile boolean hangsAtKeys;

  TestIssuer(JWK... published) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    discovery = discoveryOf(url());
    publish(published);
    server.createContext("/", it -> answer(it, 404, ""));
    server.createContext(DISCOVERY, it -> {
      if (!hangsAtDiscovery) {
        answer(it, discoveryStatus, discovery);
      }
    });
    server.createContext("/keys", it -> {
      keyRequests.incrementAndGet();
      if (!hangsAtKeys) {
        answer(it, keysStatus, keys);
      }
    });
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** The issuer's name, which is also the address of its discovery document. */
  String url() {
    return base() + "/tenant";
  }

  private String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** A discovery document with another name of the issuer. */
  String discoveryOf(String issuer) {
    return "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/keys\"}".formatted(issuer, base());
  }

  void publish(JWK... published) {
    keys = new JWKSet(List.of(published)).toString(true);
  }

  void answerDiscovery(int status, String document) {
    discoveryStatus = status;
    discovery = document;
  }

  void answerKeys(int status, String document) {
    keysStatus = status;
    keys = document;
  }

  /** From now on it accepts calls without an answer, either all of them or those for its keys. */
  void hang(boolean onlyAtItsKeys) {
    hangsAtDiscovery = !onlyAtItsKeys;
    hangsAtKeys = true;
  }

  /** From now on it answers again. */
  void recover() {
    hangsAtDiscovery = false;
    hangsAtKeys = false;
  }

  /** The number of fetches of its keys. */
  int keyRequests() {
    return keyRequests.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** An address without a server. */
  static String unreachable() {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + taken.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
