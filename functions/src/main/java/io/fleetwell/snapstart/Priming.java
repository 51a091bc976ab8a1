package io.fleetwell.snapstart;

import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Loads and compiles what the first request after a restore needs. Before Lambda takes the snapshot, another handler of
 * the function answers the function's recorded event some times, with {@link LoopbackStore} in place of AWS. That handler
 * is then dropped, so the snapshot holds nothing that it read: no connection, no credentials, no random value.
 *
 * @param function the name of the function in the template
 * @param dynamoDb where the function's calls will go
 * @param handlers makes another handler of the function, whose calls to AWS go to an address
 */
public record Priming(String function, URI dynamoDb, Function<URI, Primed> handlers)
    implements Resource {
  /** C1 compiles a method after 200 calls; one event calls most of its methods several times. */
  private static final int ROUNDS = 100;

  private static final int TIMEOUT_MILLIS = 2_000;

  private static final LambdaLogger SILENT = new LambdaLogger() {
    @Override
    public void log(String message) {
      // Nobody made these calls.
    }

    @Override
    public void log(byte[] message) {
      // CloudWatch would count these calls.
    }
  };

  /** A handler that is primed. */
  public interface Primed {
    void handle(InputStream event, OutputStream answer, LambdaLogger logger) throws IOException;
  }

  /**
   * Primes a function before its snapshot, if one is ever taken. The caller must keep the result: Lambda's runtime client
   * has a weak reference only.
   */
  public static Priming register(String function, URI dynamoDb, Function<URI, Primed> handlers) {
    Priming priming = new Priming(function, dynamoDb, handlers);
    Core.getGlobalContext().register(priming);
    return priming;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    LambdaLogger logger = LambdaRuntime.getLogger();
    long start = System.nanoTime();
    try {
      rehearse();
      connect();
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      logger.log("primed in %d ms".formatted(taken.toMillis()), LogLevel.INFO);
    } catch (IOException | RuntimeException | LinkageError e) {
      // The first request takes longer, and reports what is wrong if something is.
      logger.log("priming failed: " + e, LogLevel.WARN);
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // The snapshot holds nothing that has to be replaced.
  }

  /** Answers the recorded event. Any answer will do: the event finds empty stores. */
  private void rehearse() throws IOException {
    byte[] event;
    String file = "/events/" + function + ".json";
    try (InputStream in = requireNonNull(Priming.class.getResourceAsStream(file), file)) {
      event = in.readAllBytes();
    }
    try (LoopbackStore store = LoopbackStore.start()) {
      Primed handler = handlers.apply(store.uri());
      for (int round = 0; round < ROUNDS; round++) {
        handler.handle(new ByteArrayInputStream(event), new ByteArrayOutputStream(), SILENT);
      }
    }
  }

  /**
   * Loads the classes of a connection, above all of TLS: opens one, sends nothing, and closes it. The TLS session is
   * invalidated, so that restored copies cannot be linked by resuming it.
   */
  private void connect() throws IOException {
    boolean secure = dynamoDb.getScheme().equals("https");
    int port = dynamoDb.getPort() > 0 ? dynamoDb.getPort() : secure ? 443 : 80;
    SocketFactory factory = secure ? SSLSocketFactory.getDefault() : SocketFactory.getDefault();
    try (Socket socket = factory.createSocket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(dynamoDb.getHost(), port), TIMEOUT_MILLIS);
      if (socket instanceof SSLSocket tls) {
        tls.startHandshake();
        tls.getSession().invalidate();
      }
    }
  }
}
