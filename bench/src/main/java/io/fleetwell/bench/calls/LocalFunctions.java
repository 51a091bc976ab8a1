package io.fleetwell.bench.calls;

import io.fleetwell.Wiring;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.RunningSystem;
import io.fleetwell.local.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** A local system of its own, with empty tables, where firmware is remembered for an hour. */
public final class LocalFunctions implements AutoCloseable {
  /** In memory where Linux has such a folder, since DynamoDB Local waits for the disk after each write. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path data;
  private final LocalSystem system;
  private final Wiring wiring;

  /** With interceptors of all that the functions call. */
  public LocalFunctions(ExecutionInterceptor... interceptors) throws Exception {
    this.data = Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, "fleetwell-bench")
        : Files.createTempDirectory("fleetwell-bench");
    this.system = LocalSystem.start(RunningSystem.settings(data));
    Map<String, String> environment = new HashMap<>(system.environment());
    environment.put("FIRMWARE_CACHE_SECONDS", "3600");
    environment.put("MAX_DEVICES_PER_USER", "1000000");
    this.wiring = new Wiring(environment, Clock.systemUTC(), List.of(interceptors));
  }

  public Wiring wiring() {
    return wiring;
  }

  /** The variables that lead to the stores. */
  public Map<String, String> environment() {
    return system.environment();
  }

  /** What a table of the template is called. */
  public String table(String variable) {
    return system.environment().getOrDefault(variable, variable);
  }

  @Override
  public void close() throws IOException {
    wiring.close();
    system.close();
    TestFolders.delete(data);
  }
}
