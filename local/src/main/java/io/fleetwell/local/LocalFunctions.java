package io.fleetwell.local;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.Template.Function;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Creates the functions. Each has its own AWS clients, which call only what its policies allow. */
final class LocalFunctions implements AutoCloseable {
  private final Map<String, String> account;
  private final Clock clock;
  private final FunctionLogs logs;
  private final List<Aws> all = new ArrayList<>();

  /**
   * @param account the variables that all functions get: the account, and the addresses of the stores
   */
  LocalFunctions(Map<String, String> account, Clock clock, FunctionLogs logs) {
    this.account = account;
    this.clock = clock;
    this.logs = logs;
  }

  LambdaFunction create(Function function) {
    Permissions ofFunction = new Permissions(function.name(), function.permissions());
    Aws aws = new Aws(environment(function), clock, List.of(ofFunction));
    all.add(aws);
    return new LambdaFunction(function, aws, logs::write);
  }

  /** The account's variables and the template's. */
  Map<String, String> environment(Function function) {
    Map<String, String> environment = new HashMap<>(account);
    environment.putAll(function.environment());
    return Map.copyOf(environment);
  }

  @Override
  public void close() {
    all.forEach(Aws::close);
  }
}
