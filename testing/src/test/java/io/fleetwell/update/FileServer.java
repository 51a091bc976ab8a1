package io.fleetwell.update;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A server of files on 127.0.0.1, over TLS: a good one, or with one of the faults that such servers have. */
final class FileServer implements AutoCloseable {
  /** What the server does with the parts of files that a client asks for. */
  enum Ranges {
    /** Sends a part if the file is still the one of {@code If-Range}. */
    AS_SPECIFIED,
    /** Always sends whole files. */
    IGNORED,
    /** Sends the part that is asked for, and ignores {@code If-Range}. */
    OF_ANY_FILE,
    /** Has no {@code ETag}. */
    WITHOUT_ETAG
  }

  /** A request. */
  record Seen(String path, Headers headers) {
    boolean has(String header) {
      return headers.containsKey(header);
    }
  }

  private record Content(byte[] bytes, String etag) {}

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Map<String, Content> files = new ConcurrentHashMap<>();
  private final Map<String, String> redirects = new ConcurrentHashMap<>();
  private final AtomicReference<Integer> cut = new AtomicReference<>(Integer.MAX_VALUE);
  private volatile Ranges ranges = Ranges.AS_SPECIFIED;
  private volatile boolean lengthKnown = true;

  private FileServer(HttpsServer server) {
    this.server = server;
  }

  /** Starts a server with the certificate and key in a PKCS #12 file. */
  static FileServer start(Path certificate, char[] password) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(certificate)) {
      store.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(tls));
    FileServer files = new FileServer(https);
    https.setExecutor(files.threads);
    https.createContext("/", files::answer);
    https.start();
    return files;
  }

  /** The address of a path. */
  String url(String path) {
    return "https://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** Serves bytes under a path. Other bytes get another {@code ETag}. */
  void put(String path, byte[] bytes) {
    files.put(path, new Content(bytes, "\"%08x\"".formatted(Arrays.hashCode(bytes))));
  }

  void redirect(String path, String location) {
    redirects.put(path, location);
  }

  void setRanges(Ranges ranges) {
    this.ranges = ranges;
  }

  /** Sends files without {@code Content-Length}. */
  void hideLengths() {
    lengthKnown = false;
  }

  /** Closes the connection of the next answer after this many bytes of the file. */
  void cutAfter(int bytes) {
    cut.set(bytes);
  }

  List<Seen> seen() {
    return seen;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString();
      seen.add(new Seen(path, exchange.getRequestHeaders()));
      Content file = files.get(path);
      if (redirects.containsKey(path)) {
        exchange.getResponseHeaders().set("Location", redirects.get(path));
        exchange.sendResponseHeaders(302, -1);
      } else if (file == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        send(exchange, file);
      }
    }
  }

  private void send(HttpExchange exchange, Content file) throws IOException {
    if (ranges != Ranges.WITHOUT_ETAG) {
      exchange.getResponseHeaders().set("ETag", file.etag());
    }
    int all = file.bytes().length;
    int start = startOf(exchange.getRequestHeaders(), file);
    if (start >= all) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    if (start > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(start, all - 1, all));
    }
    exchange.sendResponseHeaders(start > 0 ? 206 : 200, lengthKnown ? all - start : 0);
    int length = Math.min(cut.getAndSet(Integer.MAX_VALUE), all - start);
    exchange.getResponseBody().write(file.bytes(), start, length);
    exchange.getResponseBody().flush();
  }

  private int startOf(Headers request, Content file) {
    String range = request.getFirst("Range");
    boolean same = file.etag().equals(request.getFirst("If-Range"));
    boolean whole = ranges == Ranges.IGNORED || (ranges == Ranges.AS_SPECIFIED && !same);
    return range == null || whole ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
