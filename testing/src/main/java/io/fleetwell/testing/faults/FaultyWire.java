package io.fleetwell.testing.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A proxy between the SDK and DynamoDB or S3. It records each call and injects the fault that {@link Faults} chooses. It
 * forwards signed bytes unchanged; the signature covers headers such as {@code Host}. Each connection carries one call.
 */
public final class FaultyWire implements AutoCloseable {
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final int MAX_HEAD_BYTES = 64 * 1_024;

  /** Ends a hang even if a test forgets to close the wire. */
  private static final Duration LONGEST_HANG = Duration.ofMinutes(1);

  private final URI target;
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
    Thread thread = new Thread(task, "faulty-wire");
    thread.setDaemon(true);
    return thread;
  });
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private final Queue<Future<?>> underWay = new ConcurrentLinkedQueue<>();
  private final Map<Fault, AtomicInteger> injected = new ConcurrentHashMap<>();
  private final Runnable meanwhile;
  private volatile Faults faults;

  /**
   * A recorded call.
   *
   * @param operation of DynamoDB, such as {@code PutItem}; for S3 the HTTP method, such as {@code PUT}
   * @param head the request line and headers
   */
  public record Call(String operation, String head, byte[] body) {
    static Call of(String head, byte[] body) {
      String operation = header(head, "X-Amz-Target")
          .map(target -> target.substring(target.lastIndexOf('.') + 1))
          .orElseGet(() -> head.substring(0, head.indexOf(' ')));
      return new Call(operation, head, body);
    }

    /** Whether it is a call to DynamoDB. */
    public boolean isForDynamoDb() {
      return header(head, "X-Amz-Target").isPresent();
    }

    /** The body as JSON. */
    public JsonNode json() {
      try {
        return Api.JSON.readTree(body);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A wire without faults. */
  public FaultyWire(URI target) throws IOException {
    this(target, Faults.NONE);
  }

  public FaultyWire(URI target, Faults faults) throws IOException {
    this(target, faults, () -> {});
  }

  /** @param meanwhile runs after each fault, before the caller can retry */
  public FaultyWire(URI target, Faults faults, Runnable meanwhile) throws IOException {
    this.target = target;
    this.faults = faults;
    this.meanwhile = meanwhile;
    this.server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    threads.execute(this::acceptAll);
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** Replaces the faults. */
  public void inject(Faults others) {
    faults = others;
  }

  /** How many calls had this fault. */
  public int injected(Fault fault) {
    return count(fault).get();
  }

  /** Sets all counts to zero. */
  public void resetCounts() {
    injected.clear();
  }

  /** Returns the calls since the last time, and forgets them. */
  public List<Call> takeCalls() {
    List<Call> taken = new ArrayList<>();
    for (Call call = calls.poll(); call != null; call = calls.poll()) {
      taken.add(call);
    }
    return taken;
  }

  /** Waits until all late requests have arrived. */
  public void awaitLateRequests() throws InterruptedException, ExecutionException {
    for (Future<?> task = underWay.poll(); task != null; task = underWay.poll()) {
      task.get();
    }
  }

  private AtomicInteger count(Fault fault) {
    return injected.computeIfAbsent(fault, it -> new AtomicInteger());
  }

  private void acceptAll() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        // The wire was closed, or the caller disconnected.
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      String head = readHead(connection.getInputStream());
      if (has(head, "Expect: 100-continue")) {
        write(connection, "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      }
      Call call = Call.of(head, readBody(connection.getInputStream(), head));
      calls.add(call);
      answer(call, connection);
    } catch (IOException e) {
      // The caller disconnected: its connection was opened ahead, or its call timed out.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(Call call, Socket connection) throws IOException, InterruptedException {
    Faults now = faults;
    Fault fault = now.next(call);
    int number = count(fault).getAndIncrement();
    switch (fault) {
      case NONE -> write(connection, passOn(call));
      case LOST_REQUEST -> {}
      case LOST_ANSWER -> passOn(call);
      case CUT_ANSWER -> {
        byte[] answer = passOn(call);
        write(connection, Arrays.copyOf(answer, answer.length / 2));
      }
      case CUT_HEADERS -> {
        byte[] answer = passOn(call);
        int firstLine = new String(answer, ISO_8859_1).indexOf('\n');
        write(connection, Arrays.copyOf(answer, firstLine + 1));
      }
      case DELAY -> {
        pause(now.pause());
        write(connection, passOn(call));
      }
      case LATE_REQUEST -> {
        Duration pause = now.pause();
        underWay.add(threads.submit(() -> {
          pause(pause);
          return passOn(call);
        }));
      }
      case DUPLICATE -> {
        passOn(call);
        write(connection, passOn(call));
      }
      case THROTTLED -> write(connection, StoreErrors.busy(call, number));
      case ERROR -> write(connection, StoreErrors.failed(call));
      case ERROR_AFTER_EFFECT -> {
        passOn(call);
        write(connection, StoreErrors.failed(call));
      }
      case HANG -> pause(LONGEST_HANG);
      case HANG_IN_ANSWER -> {
        byte[] answer = passOn(call);
        String text = new String(answer, ISO_8859_1);
        int head = text.indexOf(END_OF_HEAD) + END_OF_HEAD.length();
        write(connection, Arrays.copyOf(answer, head));
        pause(LONGEST_HANG);
      }
    }
    if (fault != Fault.NONE) {
      meanwhile.run();
    }
  }

  /** Waits for a time; closing the wire interrupts it. */
  private void pause(Duration time) throws InterruptedException {
    boolean isClosed = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    if (isClosed) {
      throw new InterruptedException("the wire is closed");
    }
  }

  private byte[] passOn(Call call) throws IOException {
    try (Socket store = new Socket(target.getHost(), target.getPort())) {
      write(store, (withConnectionClose(call.head()) + END_OF_HEAD).getBytes(ISO_8859_1));
      write(store, call.body());
      return store.getInputStream().readAllBytes();
    }
  }

  /** Changes only headers that no signature covers. */
  private static String withConnectionClose(String head) {
    return head.lines()
            .filter(line -> !isHeader(line, "Connection") && !isHeader(line, "Expect"))
            .collect(Collectors.joining("\r\n"))
        + "\r\nConnection: close";
  }

  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (head.size() < MAX_HEAD_BYTES) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended");
      }
      head.write(next);
      if (next == '\n' && head.toString(ISO_8859_1).endsWith(END_OF_HEAD)) {
        return head.toString(ISO_8859_1).strip();
      }
    }
    throw new IOException("the head is too long");
  }

  private static byte[] readBody(InputStream in, String head) throws IOException {
    if (header(head, "Transfer-Encoding").isPresent()) {
      throw new IllegalStateException("the SDK is expected to send Content-Length");
    }
    int length = header(head, "Content-Length").map(Integer::parseInt).orElse(0);
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the body ended too early");
    }
    return body;
  }

  private static Optional<String> header(String head, String name) {
    return head.lines()
        .filter(line -> isHeader(line, name))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  private static boolean isHeader(String line, String name) {
    return line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":");
  }

  private static boolean has(String head, String header) {
    return head.lines().anyMatch(header::equalsIgnoreCase);
  }

  private static void write(Socket connection, byte[] bytes) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
