package io.fleetwell.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lies between a function and a store, and adds up how long the store takes: from what was last sent to it until what
 * it last answered. It passes bytes on as they are.
 */
final class Wire implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final ServerSocket server;
  private final URI store;
  private final AtomicLong nanos = new AtomicLong();

  Wire(URI store) throws IOException {
    this.store = store;
    this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  /** How long the store took since this was last asked for. */
  Duration take() {
    return Duration.ofNanos(nanos.getAndSet(0));
  }

  private void accept() {
    try {
      while (true) {
        connect(server.accept());
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private void connect(Socket function) throws IOException {
    Socket target = new Socket(store.getHost(), store.getPort());
    AtomicLong mark = new AtomicLong();
    for (Socket socket : new Socket[] {function, target}) {
      socket.setTcpNoDelay(true);
      sockets.add(socket);
    }
    threads.execute(() -> pass(function, target, () -> mark.set(System.nanoTime())));
    threads.execute(() -> pass(target, function, () -> {
      long now = System.nanoTime();
      nanos.addAndGet(now - mark.getAndSet(now));
    }));
  }

  private static void pass(Socket from, Socket to, Runnable note) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        note.run();
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // One of the two ends was closed, and so is the other.
    }
  }

  @Override
  public void close() {
    try (server) {
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdown();
  }
}
