package io.fleetwell.testing.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.local.LocalAccount;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template.Function;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A function in a process of its own, as Lambda starts it: by Lambda's own runtime client, from the files of its
 * package, with the variables that it would have there and no others.
 *
 * <p>The process ends at the latest with the test's, since the runtime client ends when there is no Runtime API.
 */
public final class LambdaProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final RuntimeApi api;
  private final Process process;
  private final List<String> output = new ArrayList<>();
  private final Thread reader;

  private LambdaProcess(RuntimeApi api, Process process) {
    this.api = api;
    this.process = process;
    this.reader = new Thread(this::read, "output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * How to start.
   *
   * @param taskRoot the folder of the package
   * @param environment the variables that the template gives the function, and those that lead to the stores
   * @param snapshot whether it starts from a snapshot, as SnapStart has it
   * @param options of the JVM
   * @param classPath beside the runtime client
   * @param main the class that starts the runtime client, or that client's own
   * @param java the command that starts a JVM
   */
  public record Launch(
      Path taskRoot,
      Function function,
      Map<String, String> environment,
      boolean snapshot,
      List<String> options,
      List<Path> classPath,
      String main,
      List<String> java) {

    /** As Lambda starts a function of the local system that has snapshots. */
    public static Launch of(LocalSystem system, Function function) {
      return new Launch(
          Packages.of(function.name()),
          function,
          system.environment(function),
          true,
          List.of(),
          List.of(),
          RuntimeClient.MAIN,
          List.of(RuntimeClient.java().toString()));
    }

    public Launch withoutSnapshot() {
      return new Launch(taskRoot, function, environment, false, options, classPath, main, java);
    }

    /** Of other files, such as another package's. */
    public Launch withPackage(Path otherTaskRoot, String handler) {
      Function other = new Function(
          function.name(),
          handler,
          function.timeout(),
          function.startsFromSnapshot(),
          function.environment(),
          function.permissions());
      return new Launch(
          otherTaskRoot, other, environment, snapshot, options, classPath, main, java);
    }

    public Launch on(List<String> otherJava, List<String> otherOptions) {
      return new Launch(
          taskRoot, function, environment, snapshot, otherOptions, classPath, main, otherJava);
    }

    /** With other variables; an empty value takes one away. */
    public Launch with(Map<String, String> variables) {
      Map<String, String> changed = new HashMap<>(environment);
      changed.putAll(variables);
      changed.values().removeIf(String::isEmpty);
      return new Launch(taskRoot, function, changed, snapshot, options, classPath, main, java);
    }

    /** With other options, files and another class that starts it. */
    public Launch with(List<String> otherOptions, List<Path> otherClassPath, Class<?> otherMain) {
      return new Launch(
          taskRoot,
          function,
          environment,
          snapshot,
          otherOptions,
          otherClassPath,
          otherMain.getName(),
          java);
    }
  }

  public static LambdaProcess start(Launch launch) throws IOException {
    RuntimeApi api = new RuntimeApi(launch.function());
    try {
      ProcessBuilder process = new ProcessBuilder(command(launch))
          .directory(launch.taskRoot().toFile())
          .redirectErrorStream(true);
      process.environment().clear();
      process.environment().putAll(environment(launch, api));
      return new LambdaProcess(api, process.start());
    } catch (IOException e) {
      api.close();
      throw e;
    }
  }

  private static List<String> command(Launch launch) {
    List<String> command = new ArrayList<>(launch.java());
    command.addAll(launch.options());
    if (launch.snapshot()) {
      // Without it, no hooks run.
      command.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
    }
    command.addAll(List.of(
        RuntimeClient.nativeLibrary(),
        "-cp",
        Stream.concat(RuntimeClient.jars(), launch.classPath().stream())
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator)),
        launch.main(),
        launch.function().handler()));
    return command;
  }

  /** AWS Lambda developer guide, "Defined runtime environment variables"; and of snapshots, "Credentials". */
  private static Map<String, String> environment(Launch launch, RuntimeApi api) {
    String name = launch.function().name();
    Map<String, String> environment = new HashMap<>(launch.environment());
    environment.putAll(Map.of(
        "_HANDLER", launch.function().handler(),
        "AWS_DEFAULT_REGION", LocalAccount.REGION,
        "AWS_EXECUTION_ENV", "AWS_Lambda_java25",
        "AWS_LAMBDA_RUNTIME_API", api.address(),
        "LAMBDA_TASK_ROOT", launch.taskRoot().toString(),
        "LAMBDA_RUNTIME_DIR", "/var/runtime",
        "LANG", "en_US.UTF-8",
        "PATH", "/usr/local/bin:/usr/bin/:/bin",
        "TZ", ":UTC"));
    environment.putAll(Map.of(
        "AWS_LAMBDA_FUNCTION_NAME", name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
        "AWS_LAMBDA_FUNCTION_VERSION", "1",
        "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + name,
        "AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/01/[1]0123456789abcdef0123456789abcdef",
        "AWS_LAMBDA_LOG_FORMAT", "JSON",
        "AWS_LAMBDA_LOG_LEVEL", "INFO",
        "AWS_LAMBDA_INITIALIZATION_TYPE", launch.snapshot() ? "snap-start" : "on-demand"));
    if (launch.snapshot()) {
      environment.keySet().removeAll(List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"));
      environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", api.credentialsUri());
      environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", RuntimeApi.CREDENTIALS_TOKEN);
    }
    return environment;
  }

  public RuntimeApi api() {
    return api;
  }

  /** The process's id. */
  public long id() {
    return process.pid();
  }

  /** Returns when the function waits for its restoration. */
  public LambdaProcess awaitCheckpoint() {
    await(api.checkpointed());
    return this;
  }

  /** Goes on as from a snapshot, and returns when the function waits for its first event. */
  public LambdaProcess restore() {
    awaitCheckpoint();
    api.restore();
    return awaitReady();
  }

  /** Returns when the function waits for its first event. */
  public LambdaProcess awaitReady() {
    await(api.ready());
    return this;
  }

  public JsonNode invoke(byte[] event) {
    return await(api.invoke(event));
  }

  /** Returns what kept the function from starting. */
  public RuntimeApi.Fault awaitInitError() {
    try {
      awaitCheckpoint();
    } catch (RuntimeApi.Fault fault) {
      process.onExit().join();
      return fault;
    }
    throw new IllegalStateException("it started: " + output());
  }

  /** What it has written so far; all of it if it has ended. */
  public List<String> output() {
    if (!process.isAlive()) {
      try {
        reader.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  /** @throws RuntimeApi.Fault that the function's process reports instead */
  private <T> T await(CompletableFuture<T> wanted) {
    CompletableFuture<T> ended = process.onExit().thenApply(it -> {
      throw new IllegalStateException("the process ended");
    });
    try {
      return wanted.applyToEither(ended, it -> it).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (wanted.isCompletedExceptionally() && e.getCause() instanceof RuntimeApi.Fault fault) {
        throw fault;
      }
      throw new IllegalStateException(String.join("\n", output()), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(String.join("\n", output()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (output) {
          output.add(line);
        }
      }
    } catch (IOException e) {
      // Its end was closed while it was destroyed.
    }
  }

  /** Ends it, and returns all that it has written. */
  public List<String> end() {
    process.destroyForcibly().onExit().join();
    return output();
  }

  @Override
  public void close() {
    end();
    api.close();
  }
}
