package io.fleetwell.testing;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A local system for one test, with a clock that the test moves and its own parameters. */
public final class ClockedSystem implements AutoCloseable {
  private final TestClock clock;
  private final Path data;
  private final LocalSystem system;

  public ClockedSystem(Map<String, String> parameters) throws Exception {
    this(parameters, new TestClock());
  }

  public ClockedSystem(Map<String, String> parameters, TestClock clock) throws Exception {
    this.clock = clock;
    this.data = Files.createTempDirectory("fleetwell");
    this.system = RunningSystem.start(Project.settings(data, clock, parameters));
  }

  public TestClock clock() {
    return clock;
  }

  public LocalSystem system() {
    return system;
  }

  public Api api() {
    return new Api(system);
  }

  /** An operator with this name. */
  public Api.Caller operator(String name) {
    return api().token(system.operatorToken(name));
  }

  /** A new {@link Aws} for this system's environment and clock. */
  public Aws aws() {
    return new Aws(system.environment(), clock);
  }

  @Override
  public void close() throws IOException {
    system.close();
    TestFolders.delete(data);
  }
}
