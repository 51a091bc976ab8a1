package io.fleetwell.local;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.Template.Function;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Creates the functions. Each has its own AWS clients, which call only what its policies allow. */
final class LocalFunctions implements AutoCloseable {
  private final Map<String, String> account;
  private final Clock clock;
  private final FunctionLogs logs;
  private final List<Aws> all = new ArrayList<>();
  private final List<Permissions> permissions = new ArrayList<>();

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
    permissions.add(ofFunction);
    all.add(aws);
    return new LambdaFunction(function, aws, logs::write);
  }

  /** The account's variables and the template's. */
  public Map<String, String> environment(Function function) {
    Map<String, String> environment = new HashMap<>(account);
    environment.putAll(function.environment());
    return Map.copyOf(environment);
  }

  /** The permissions that the template grants and no function has used yet. */
  Set<String> unusedPermissions() {
    return permissions.stream()
        .flatMap(ofFunction -> ofFunction.unused().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public void close() {
    all.forEach(Aws::close);
  }
}
