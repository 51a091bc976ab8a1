package io.fleetwell.snapstart;

import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Loads and compiles the classes that the first request after a restore needs. Before Lambda takes the snapshot, another
 * handler of the function answers the function's recorded event many times, with {@link LoopbackStore} instead of AWS.
 * That handler is then dropped, so the snapshot contains none of its connections, credentials and random values.
 *
 * @param function the name of the function in the template
 * @param aws the surroundings of the function
 * @param handlers makes another handler of the function, with other surroundings
 */
public record Priming(String function, Aws aws, Function<Aws, Primed> handlers)
    implements Resource {
  /** C1 compiles a method after 200 calls; one event calls most of its methods several times. */
  private static final int ROUNDS = 100;

  private static final int TIMEOUT_MILLIS = 2_000;

  private static final LambdaLogger SILENT = new LambdaLogger() {
    @Override
    public void log(String message) {
      // No caller made these calls.
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
   * Primes a function before its snapshot, if there is one. The caller must keep the result, because Lambda's runtime
   * client has only a weak reference. It is null outside Lambda.
   *
   * @param handler the class of the function's handler: the function's name, followed by {@code Handler}
   */
  public static @Nullable Priming register(
      Class<?> handler, Aws aws, Function<Aws, Primed> handlers) {
    if (!aws.isInLambda()) {
      return null;
    }
    String function = handler.getSimpleName().replaceAll("Handler$", "");
    Priming priming = new Priming(function, aws, handlers);
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
      // The first request takes longer, and reports the error if it persists.
      logger.log("priming failed: " + e, LogLevel.WARN);
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // The snapshot contains nothing to replace.
  }

  /**
   * Answers the recorded event many times.
   *
   * @throws IllegalStateException when the last answer shows that the stores were not even called, or failed
   */
  void rehearse() throws IOException {
    byte[] event;
    String file = "/events/" + function + ".json";
    try (InputStream in = requireNonNull(Priming.class.getResourceAsStream(file), file)) {
      event = in.readAllBytes();
    }
    try (LoopbackStore store = LoopbackStore.start(function)) {
      Primed handler = handlers.apply(aws.with(surroundings(store.uri())));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      for (int round = 0; round < ROUNDS; round++) {
        answer.reset();
        handler.handle(new ByteArrayInputStream(event), answer, SILENT);
      }
      requireUseful(Json.read(new ByteArrayInputStream(answer.toByteArray())));
    }
  }

  /** The recorded token of a device is for the default audience, and lives for an hour. */
  private static Map<String, String> surroundings(URI store) {
    return Map.of(
        Aws.DYNAMODB_ENDPOINT,
        store.toString(),
        Aws.S3_ENDPOINT,
        store.toString(),
        "DEVICE_AUDIENCE",
        "fleetwell",
        "DEVICE_TOKEN_SECONDS",
        "3600");
  }

  /** An error is useful too, since the stores are nearly empty, unless the caller was refused. */
  private static void requireUseful(JsonNode answer) {
    int status = answer.path("statusCode").asInt();
    boolean isRefusedCaller = status == 401 || !answer.path("isAuthorized").asBoolean(true);
    boolean isAnswer = answer.has("isAuthorized") || (status >= 200 && status < 500);
    if (isRefusedCaller || !isAnswer) {
      throw new IllegalStateException("the answer is " + answer);
    }
  }

  /**
   * Opens a connection and closes it, to load the classes for TLS. The TLS session is invalidated, so that restored copies
   * cannot be linked by resuming it.
   */
  private void connect() throws IOException {
    URI dynamoDb = aws.dynamoDbEndpoint();
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
