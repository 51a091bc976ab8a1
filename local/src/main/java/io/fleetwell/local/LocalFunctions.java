package io.fleetwell.local;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.Template.Function;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The functions. Each is created once, with its own AWS clients, which call only what its policies allow. */
final class LocalFunctions implements AutoCloseable {
  private final Map<String, String> account;
  private final URI lambda;
  private final Clock clock;
  private final FunctionLogs logs;
  private final Map<Function, Running> all = new HashMap<>();

  private record Running(LambdaFunction function, Aws aws, Permissions permissions) {}

  /**
   * @param account the variables that all functions get: the account, and the addresses of the stores
   * @param lambda the address of the server through which functions call each other
   */
  LocalFunctions(Map<String, String> account, URI lambda, Clock clock, FunctionLogs logs) {
    this.account = account;
    this.lambda = lambda;
    this.clock = clock;
    this.logs = logs;
  }

  LambdaFunction get(Function function) {
    return running(function).function();
  }

  /** What the policies of a function allow, and what of it the function used. */
  Permissions permissions(Function function) {
    return running(function).permissions();
  }

  private synchronized Running running(Function function) {
    return all.computeIfAbsent(function, this::start);
  }

  private Running start(Function function) {
    Permissions permissions = new Permissions(function.name(), function.permissions());
    Aws aws = new Aws(environment(function), clock, List.of(permissions));
    return new Running(new LambdaFunction(function, aws, logs::write), aws, permissions);
  }

  /** The account's variables and the template's. */
  Map<String, String> environment(Function function) {
    Map<String, String> environment = new HashMap<>(account);
    environment.put(
        Aws.LAMBDA_ENDPOINT, LocalLambda.addressFor(function, lambda).toString());
    environment.putAll(function.environment());
    return Map.copyOf(environment);
  }

  @Override
  public synchronized void close() {
    all.values().forEach(it -> it.aws().close());
  }
}
