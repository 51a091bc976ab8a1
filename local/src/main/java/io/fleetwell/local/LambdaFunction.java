package io.fleetwell.local;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.Template.Function;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a function as Lambda does: creates the handler at the first call, and passes events and answers as bytes, with
 * Lambda's own serialization.
 */
public final class LambdaFunction {
  /** Lambda's limit on an event, and on an answer. */
  static final int MAX_PAYLOAD_BYTES = 6 * 1_024 * 1_024;

  private final Function function;
  private final Constructor<?> constructor;
  private final Aws aws;
  private final Consumer<String> lines;
  private final JsonMapper mapper = new JsonMapper();
  private @Nullable RequestStreamHandler handler;

  /**
   * @param lines receives the lines that the function logs about its calls
   * @throws CannotStartException when the template names a handler that does not exist
   */
  public LambdaFunction(Function function, Aws aws, Consumer<String> lines) {
    this.function = function;
    this.aws = aws;
    this.lines = lines;
    try {
      this.constructor = constructorOf(
          Class.forName(function.handler(), false, LambdaFunction.class.getClassLoader()));
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new CannotStartException(
          "The function %s in template.yaml names a handler that does not exist: %s"
              .formatted(function.name(), function.handler()),
          e);
    }
  }

  /** Of a handler that takes what it calls, or of one that calls nothing and leaves JSON to Lambda's serialization. */
  private static Constructor<?> constructorOf(Class<?> handler) throws NoSuchMethodException {
    return RequestStreamHandler.class.isAssignableFrom(handler)
        ? handler.getConstructor(Aws.class)
        : handler.asSubclass(RequestHandler.class).getConstructor();
  }

  /** The bytes of an event, as Lambda sends them. */
  static <E> byte[] serialize(E event, Class<E> type) {
    PojoSerializer<E> serializer =
        LambdaEventSerializers.serializerFor(type, LambdaFunction.class.getClassLoader());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    serializer.toJson(event, bytes);
    return bytes.toByteArray();
  }

  /**
   * Calls the function.
   *
   * @throws IOException or any unchecked exception that the function throws
   * @throws IllegalStateException when the function takes longer than its timeout
   */
  public JsonNode invoke(byte[] event) throws IOException {
    FutureTask<byte[]> call = new FutureTask<>(() -> answer(event));
    Thread thread = new Thread(call, function.name());
    thread.setDaemon(true);
    thread.start();
    try {
      byte[] answer = call.get(function.timeout().toMillis(), TimeUnit.MILLISECONDS);
      return mapper.readTree(answer);
    } catch (TimeoutException e) {
      call.cancel(true);
      throw new IllegalStateException(
          "%s: Task timed out after %s".formatted(function.name(), function.timeout()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw thrown(e.getCause());
    }
  }

  /**
   * Calls the function in this thread, and waits for it however long it takes.
   *
   * @throws IOException or any unchecked exception that the function throws
   */
  public JsonNode invokeHere(byte[] event) throws IOException {
    return mapper.readTree(answer(event));
  }

  private byte[] answer(byte[] event) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    handler()
        .handleRequest(new ByteArrayInputStream(event), answer, LocalContext.of(function, lines));
    if (answer.size() > MAX_PAYLOAD_BYTES) {
      throw new IllegalStateException(
          "the function %s answered more than 6 MB".formatted(function.name()));
    }
    return answer.toByteArray();
  }

  private static RuntimeException thrown(@Nullable Throwable byFunction) throws IOException {
    if (byFunction instanceof IOException io) {
      throw io;
    }
    return byFunction instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(byFunction);
  }

  /** Creates the handler once, with the environment of the template instead of the process's. */
  public synchronized RequestStreamHandler handler() {
    RequestStreamHandler made = handler;
    if (made == null) {
      try {
        made = make();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "The handler of the function %s cannot be created".formatted(function.name()), e);
      }
      handler = made;
    }
    return made;
  }

  @SuppressWarnings("unchecked")
  private RequestStreamHandler make() throws ReflectiveOperationException {
    if (constructor.getParameterCount() == 1) {
      return (RequestStreamHandler) constructor.newInstance(aws);
    }
    RequestHandler<Map<String, Object>, Object> plain =
        (RequestHandler<Map<String, Object>, Object>) constructor.newInstance();
    return (event, answer, context) -> mapper.writeValue(
        answer, plain.handleRequest(mapper.readValue(event, new TypeReference<>() {}), context));
  }
}
