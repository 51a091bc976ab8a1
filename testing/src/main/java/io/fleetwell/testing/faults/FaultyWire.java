package io.fleetwell.testing.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fleetwell.local.LocalAccount;
import java.io.IOException;
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
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy between the SDK and DynamoDB or S3. It records each call and injects the fault that {@link Faults} chooses. Each
 * connection carries one call.
 */
public final class FaultyWire implements AutoCloseable {
  /** Ends a hang even if a test forgets to close the wire. */
  private static final Duration LONGEST_HANG = Duration.ofMinutes(1);

  private final Store store;
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
  private final Signature signature;
  private volatile Faults faults;

  /** A wire without faults. */
  public FaultyWire(URI target) throws IOException {
    this(target, Faults.NONE);
  }

  public FaultyWire(URI target, Faults faults) throws IOException {
    this(target, faults, () -> {});
  }

  /** @param meanwhile runs after each fault, before the caller can retry */
  public FaultyWire(URI target, Faults faults, Runnable meanwhile) throws IOException {
    this(new RemoteStore(target), faults, meanwhile, LocalAccount.SECRET_ACCESS_KEY);
  }

  /** @param secret of the store's access key, with which the wire checks and makes signatures */
  public FaultyWire(URI target, Faults faults, String secret) throws IOException {
    this(new RemoteStore(target), faults, () -> {}, secret);
  }

  FaultyWire(Store store, Faults faults, Runnable meanwhile, String secret) throws IOException {
    this.store = store;
    this.signature = new Signature(secret);
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
      String head = HttpMessage.readHead(connection.getInputStream());
      if (head.lines().anyMatch("Expect: 100-continue"::equalsIgnoreCase)) {
        write(connection, "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      }
      Call call = Call.of(HttpMessage.readBody(head, connection.getInputStream()));
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
    if (store.isStale(call)) {
      count(Fault.STALE).incrementAndGet();
    }
    switch (fault) {
      case NONE, STALE -> write(connection, store.answer(call));
      case LOST_REQUEST -> {}
      case LOST_ANSWER -> store.answer(call);
      case CUT_ANSWER -> {
        byte[] answer = store.answer(call);
        write(connection, Arrays.copyOf(answer, answer.length / 2));
      }
      case CUT_HEADERS -> {
        byte[] answer = store.answer(call);
        int firstLine = new String(answer, ISO_8859_1).indexOf('\n');
        write(connection, Arrays.copyOf(answer, firstLine + 1));
      }
      case CORRUPT_REQUEST -> write(connection, answerToDamaged(call, now));
      case CORRUPT_ANSWER -> {
        HttpMessage answer = StoreAnswers.asOfAws(call, HttpMessage.of(store.answer(call)));
        write(connection, damaged(answer, now).bytes());
      }
      case DELAY -> {
        pause(now.pause());
        write(connection, store.answer(call));
      }
      case LATE_REQUEST -> {
        Duration pause = now.pause();
        underWay.add(threads.submit(() -> {
          pause(pause);
          return store.answer(call);
        }));
      }
      case DUPLICATE -> {
        store.answer(call);
        write(connection, store.answer(call));
      }
      case PARTIAL_BATCH -> write(connection, PartialBatch.answer(store, call, now));
      case IN_PROGRESS -> {
        boolean canBe = Set.of("TransactWriteItems", "PUT").contains(call.operation());
        write(connection, canBe ? StoreAnswers.inProgress(call) : store.answer(call));
      }
      case THROTTLED -> write(connection, StoreAnswers.busy(call, number));
      case ERROR -> write(connection, StoreAnswers.failed(call));
      case ERROR_AFTER_EFFECT -> {
        store.answer(call);
        write(connection, StoreAnswers.failed(call));
      }
      case HANG -> pause(LONGEST_HANG);
      case HANG_IN_ANSWER -> {
        write(connection, HttpMessage.of(store.answer(call)).headBytes());
        pause(LONGEST_HANG);
      }
    }
    if (fault != Fault.NONE) {
      meanwhile.run();
    }
  }

  private static HttpMessage damaged(HttpMessage message, Faults how) {
    return message.body().length == 0
        ? message
        : message.damagedAt(how.position(message.body().length));
  }

  /** DynamoDB compares the signature. S3 has only the checksum, because no signature covers an upload over TLS. */
  private byte[] answerToDamaged(Call call, Faults how) throws IOException {
    if (!call.isForDynamoDb()) {
      return store.answer(Call.of(damaged(signature.withoutPayload(call.request()), how)));
    }
    HttpMessage request = damaged(call.request(), how);
    return signature.isValid(request)
        ? store.answer(Call.of(request))
        : StoreAnswers.wrongSignature();
  }

  /** Waits for a time; closing the wire interrupts it. */
  private void pause(Duration time) throws InterruptedException {
    boolean isClosed = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    if (isClosed) {
      throw new InterruptedException("the wire is closed");
    }
  }

  private static void write(Socket connection, byte[] bytes) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(bytes);
    out.flush();
  }

  @Override
  public void close() {
    closed.countDown();
    try (store) {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
