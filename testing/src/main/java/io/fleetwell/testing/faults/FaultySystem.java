package io.fleetwell.testing.faults;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Stores;
import io.fleetwell.local.Template;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.TestClock;
import io.fleetwell.testing.TestFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A local system whose functions call their stores over wires with faults. It starts without faults. */
public final class FaultySystem implements AutoCloseable {
  private final Path data;
  private final FaultyStores stores;
  private final LocalSystem system;

  /** Stores behind wires. */
  private record FaultyStores(Stores stores, FaultyWire dynamoDb, FaultyWire s3) implements Stores {
    static FaultyStores over(Stores stores) {
      try {
        return new FaultyStores(
            stores,
            new FaultyWire(endpoint(stores.environment(), Aws.DYNAMODB_ENDPOINT)),
            new FaultyWire(endpoint(stores.environment(), Aws.S3_ENDPOINT)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String nameOf(String resource) {
      return stores.nameOf(resource);
    }

    @Override
    public void create(List<Template.Table> tables, List<String> buckets) {
      stores.create(tables, buckets);
    }

    @Override
    public Map<String, String> environment() {
      Map<String, String> environment = new HashMap<>(stores.environment());
      environment.put(Aws.DYNAMODB_ENDPOINT, dynamoDb.endpoint().toString());
      environment.put(Aws.S3_ENDPOINT, s3.endpoint().toString());
      return environment;
    }

    @Override
    public void close() {
      try (stores;
          s3) {
        dynamoDb.close();
      }
    }
  }

  /**
   * Starts the system.
   *
   * @param parameters values of the template's parameters
   */
  public FaultySystem(Map<String, String> parameters) throws Exception {
    this.data = Files.createTempDirectory("fleetwell");
    this.stores = FaultyStores.over(RunningSystem.stores().open(data));
    this.system =
        LocalSystem.start(Project.settings(data, new TestClock(), parameters), folder -> stores);
  }

  private static URI endpoint(Map<String, String> environment, String variable) {
    return URI.create(Objects.requireNonNull(environment.get(variable)));
  }

  public Api api() {
    return new Api(system);
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
        all += times;
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
