package io.fleetwell.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A server within the process that answers calls with an empty JSON object and ends each connection, so that a client of
 * AWS can go all the way over a network, and no connection is left of it.
 */
public final class LoopbackServer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 2_000;
  private static final String CONTENT_LENGTH = "content-length:";

  /** With DynamoDB's checksum, which makes the SDK look. */
  private static final byte[] ANSWER = """
      HTTP/1.1 200 OK\r
      Content-Type: application/x-amz-json-1.0\r
      x-amz-crc32: 2745614147\r
      Content-Length: 2\r
      Connection: close\r
      \r
      {}""".getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket socket;
  private final Thread thread = new Thread(this::answerAll, "loopback");

  private LoopbackServer(ServerSocket socket) {
    this.socket = socket;
  }

  public static LoopbackServer start() {
    try {
      LoopbackServer server = new LoopbackServer(
          new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
      server.thread.setDaemon(true);
      server.thread.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  private void answerAll() {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        connection.setSoTimeout(PATIENCE_MILLIS);
        readRequest(new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1)));
        OutputStream out = connection.getOutputStream();
        out.write(ANSWER);
        out.flush();
      } catch (IOException e) {
        // It was closed, or the caller went: who calls is told by its own end.
      }
    }
  }

  /** To its end, since closing with something unread would cut the answer off. */
  private static void readRequest(BufferedReader request) throws IOException {
    int length = 0;
    for (String line = request.readLine();
        line != null && !line.isEmpty();
        line = request.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith(CONTENT_LENGTH)) {
        length = Integer.parseInt(line.substring(CONTENT_LENGTH.length()).strip());
      }
    }
    for (int read = 0; read < length && request.read() >= 0; read++) {}
  }

  @Override
  public void close() {
    try {
      socket.close();
      thread.join(PATIENCE_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
