package io.fleetwell.testing.faults;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Provides tests with a system in which each read that is not consistent is stale. It starts once for all of them. A test
 * of a list that may be late calls {@link FaultySystem#indexesCatchUp}.
 */
public final class StaleSystem implements ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(StaleSystem.class);

  private static final Set<Class<?>> TYPES =
      Set.of(FaultySystem.class, LocalSystem.class, Api.class, Aws.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return TYPES.contains(parameter.getParameter().getType());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    FaultySystem shared = context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(FaultySystem.class, it -> start(), FaultySystem.class);
    Class<?> type = parameter.getParameter().getType();
    if (type == FaultySystem.class) {
      return shared;
    }
    if (type == Api.class) {
      return shared.api();
    }
    return type == Aws.class
        ? new Aws(shared.system().environment(), Clock.systemUTC())
        : shared.system();
  }

  private static FaultySystem start() {
    try {
      return new FaultySystem(Map.of(), Clock.systemUTC());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
