package io.fleetwell.testing.faults;

import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.TestClock;
import io.fleetwell.testing.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A local system whose functions call their stores over wires with faults. Reads of DynamoDB that are not consistent are
 * always stale. It starts without other faults.
 */
public final class FaultySystem implements AutoCloseable {
  private final Path data;
  private final FaultyStores stores;
  private final LocalSystem system;

  /**
   * Starts the system with a clock that stands still.
   *
   * @param parameters values of the template's parameters
   */
  public FaultySystem(Map<String, String> parameters) throws Exception {
    this(parameters, new TestClock());
  }

  /** Starts the system with another clock. */
  public FaultySystem(Map<String, String> parameters, Clock clock) throws Exception {
    this.data = Files.createTempDirectory("fleetwell");
    this.stores = FaultyStores.over(RunningSystem.stores().open(data));
    this.system = LocalSystem.start(Project.settings(data, clock, parameters), folder -> stores);
  }

  public Api api() {
    return new Api(system);
  }

  public LocalSystem system() {
    return system;
  }

  public FaultyWire dynamoDb() {
    return stores.dynamoDb();
  }

  public FaultyWire s3() {
    return stores.s3();
  }

  /** Injects faults of every kind. */
  public void inject(long seed) {
    dynamoDb().inject(RandomFaults.ofEveryKind(seed));
    s3().inject(RandomFaults.ofEveryKind(~seed));
  }

  /** Lets global secondary indexes show all writes so far. The index of a table is stale again from its next write. */
  public void indexesCatchUp() {
    stores.stale().indexesCatchUp();
  }

  /** Stops injecting faults. */
  public void heal() {
    Stream.of(dynamoDb(), s3()).forEach(wire -> wire.inject(Faults.NONE));
  }

  /** Sets all counts of faults to zero. */
  public void resetCounts() {
    Stream.of(dynamoDb(), s3()).forEach(FaultyWire::resetCounts);
  }

  /** A summary of the calls and of their faults by kind. */
  public String injected() {
    StringBuilder words = new StringBuilder();
    int all = 0;
    for (Fault fault : Fault.values()) {
      int times = dynamoDb().injected(fault) + s3().injected(fault);
      if (fault != Fault.NONE && times > 0) {
        words.append(", ").append(fault).append(' ').append(times);
        all += fault == Fault.STALE ? 0 : times;
      }
    }
    int calls = all + dynamoDb().injected(Fault.NONE) + s3().injected(Fault.NONE);
    return "%d calls to stores with %d faults%s".formatted(calls, all, words);
  }

  @Override
  public void close() throws IOException {
    system.close();
    TestFolders.delete(data);
  }
}
