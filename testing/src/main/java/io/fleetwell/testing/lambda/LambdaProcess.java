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
 * A function in its own process, started as Lambda starts it: by Lambda's runtime client, from the files of its package,
 * with exactly the environment variables of Lambda.
 *
 * <p>The process ends with the test's process at the latest: the runtime client exits when the Runtime API is gone.
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
   * How to start a process.
   *
   * @param taskRoot the folder of the package
   * @param environment the function's variables from the template, and the addresses of the stores
   * @param snapshot whether the function starts from a snapshot, as with SnapStart
   * @param options options of the JVM
   * @param classPath files in addition to the runtime client
   * @param main the main class: the runtime client's, or one that starts it
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

    /** Starts a function of the local system from a snapshot. */
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

    /** The same launch with another package. */
    public Launch withPackage(Path otherTaskRoot, String handler) {
      Function other = new Function(
          function.name(),
          handler,
          function.timeout(),
          function.alias(),
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

    /** The same launch with changed variables; an empty value removes a variable. */
    public Launch with(Map<String, String> variables) {
      Map<String, String> changed = new HashMap<>(environment);
      changed.putAll(variables);
      changed.values().removeIf(String::isEmpty);
      return new Launch(taskRoot, function, changed, snapshot, options, classPath, main, java);
    }

    /** The same launch with other options, files and main class. */
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
    String secret = String.valueOf(launch.environment().get(LocalAccount.SECRET_VARIABLE));
    RuntimeApi api = new RuntimeApi(launch.function(), secret);
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
      // Without this option, the runtime client runs no snapshot hooks.
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

  /** See "Defined runtime environment variables" in the AWS Lambda developer guide, and "Credentials" for SnapStart. */
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
      environment.keySet().removeAll(List.of("AWS_ACCESS_KEY_ID", LocalAccount.SECRET_VARIABLE));
      environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", api.credentialsUri());
      environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", RuntimeApi.CREDENTIALS_TOKEN);
    }
    return environment;
  }

  public RuntimeApi api() {
    return api;
  }

  /** The process ID. */
  public long id() {
    return process.pid();
  }

  /** Returns when the function waits for its restoration. */
  public LambdaProcess awaitCheckpoint() {
    await(api.checkpointed());
    return this;
  }

  /** Restores the function, and returns when it waits for its first event. */
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

  /** Returns the error with which initialization failed. */
  public RuntimeApi.Fault awaitInitError() {
    try {
      awaitCheckpoint();
    } catch (RuntimeApi.Fault fault) {
      process.onExit().join();
      return fault;
    }
    throw new IllegalStateException("the function started: " + output());
  }

  /** The output so far; all of it if the process has ended. */
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

  /** @throws RuntimeApi.Fault if the function's process reports an error instead */
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
      // The stream was closed while the process was destroyed.
    }
  }

  /** Ends the process, and returns its whole output. */
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
