package io.fleetwell.testing.model;

import io.fleetwell.aws.Aws;
import io.fleetwell.local.TableRequests;
import io.fleetwell.local.Template.Table;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.memory.MemoryDynamoDb;
import io.fleetwell.testing.model.Round.Looks;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A system of one configuration, with the catalogue of the model, in which rounds are played. Its clock stands still. */
final class ModelSystem implements AutoCloseable {
  /** Long enough for few calls to be needed to return to the start, and short enough to be understood. */
  private static final int CALLS_PER_ROUND = 200;

  private static final Duration TIME_TO_SHRINK = Duration.ofSeconds(60);

  private final Configuration configuration;
  private final ClockedSystem system;
  private final Optional<MemoryDynamoDb> memory;
  private final FunctionTransport functions;
  private final HttpTransport http;
  private final Looks looks;
  private final AtomicInteger rounds = new AtomicInteger();

  private ModelSystem(
      Configuration configuration,
      ClockedSystem system,
      Optional<MemoryDynamoDb> memory,
      Looks looks) {
    this.configuration = configuration;
    this.system = system;
    this.memory = memory;
    this.functions = memory
        .map(dynamoDb -> FunctionTransport.on(dynamoDb, system.system(), system.clock()))
        .orElseGet(() -> FunctionTransport.onStoresOf(system.system(), system.clock()));
    this.http = new HttpTransport(system.system());
    this.looks = looks;
  }

  /** Starts a system and publishes the catalogue. */
  static ModelSystem start(Configuration configuration, Storage storage) throws Exception {
    ClockedSystem system = startSystem(configuration);
    Optional<MemoryDynamoDb> memory =
        storage.isInMemory() ? Optional.of(copyOf(system)) : Optional.empty();
    return new ModelSystem(configuration, system, memory, storage.looks());
  }

  /** The tables of a system with their items, in memory. */
  private static MemoryDynamoDb copyOf(ClockedSystem system) {
    MemoryDynamoDb memory = new MemoryDynamoDb();
    List<Table> tables = system.system().template().tables();
    TableRequests.createMissing(memory, tables);
    try (Aws aws = system.aws()) {
      for (Table table : tables) {
        aws.dynamoDb()
            .scanPaginator(scan -> scan.tableName(table.name()))
            .items()
            .forEach(item -> memory.putItem(put -> put.tableName(table.name()).item(item)));
      }
    }
    return memory;
  }

  private static ClockedSystem startSystem(Configuration configuration) throws Exception {
    Map<String, String> parameters = new HashMap<>(configuration.parameters());
    parameters.put("FirmwareCacheSeconds", "600");
    ClockedSystem system = new ClockedSystem(parameters);
    for (Catalogue.Release release : Catalogue.RELEASES) {
      Api.Answer published =
          system.api().operator().post("/v1/firmware", release.json().toString());
      if (published.status() != 201) {
        throw new IllegalStateException(published.text());
      }
    }
    return system;
  }

  /** Plays rounds of random calls in this process, without HTTP. */
  public Played playInProcess(long seed, int calls) {
    return play(functions, seed, calls);
  }

  /** Plays rounds of random calls over HTTP. */
  public Played playOverHttp(long seed, int calls) {
    return play(http, seed, calls);
  }

  /** Plays rounds; the seed of each is one more than that of the round before it. */
  private Played play(Transport transport, long seed, int calls) {
    Played all = Played.NOTHING;
    for (long next = seed; all.steps() < calls; next++) {
      all = all.and(playRound(transport, next, Math.min(CALLS_PER_ROUND, calls - all.steps())));
    }
    return all;
  }

  private Played playRound(Transport transport, long seed, int calls) {
    RandomCalls random = new RandomCalls(seed);
    Round round = new Round(configuration, transport, newNames(), looks, seed);
    try {
      while (round.history().size() < calls) {
        round.play(random.next(round.fleet()));
      }
      round.lookAtEverything();
    } catch (Difference difference) {
      throw failure(seed, round.history(), difference, shorter -> replay(transport, shorter));
    }
    return new Played(1, calls, round.sent());
  }

  /** Plays the same calls with new names; throws a {@link Difference}. */
  private void replay(Transport transport, List<Call> calls) {
    Round round = new Round(configuration, transport, newNames(), Looks.NEVER, 0);
    calls.forEach(round::play);
    round.lookAtEverything();
  }

  /** Plays one round in which a stranger compares two devices. The twins must be of this configuration. */
  void playStranger(Strangers.Twins twins, long seed, int calls) {
    Strangers strangers = new Strangers(twins, functions, newNames());
    try {
      strangers.play(seed, calls);
    } catch (Difference difference) {
      throw failure(
          seed,
          strangers.history(),
          difference,
          shorter -> shorter.forEach(new Strangers(twins, functions, newNames())::play));
    }
  }

  /** No name is used twice in a system. */
  private Names newNames() {
    return new Names("round%d.".formatted(rounds.incrementAndGet()));
  }

  private AssertionError failure(
      long seed, List<Call> history, Difference difference, Consumer<List<Call>> replay) {
    List<Call> shortest = new Shrinker(
            calls -> differenceIn(replay, calls)
                .filter(it -> it.rule() == difference.rule())
                .isPresent(),
            TIME_TO_SHRINK)
        .shortest(history);
    String last = differenceIn(replay, shortest)
        .map(Difference::getMessage)
        .orElse("It does not fail again.");
    return new AssertionError(
        "%s%nwith %s, seed %d, after %d calls. A shorter history:%n%s%n%s"
            .formatted(
                difference.getMessage(),
                configuration,
                seed,
                history.size(),
                shortest.stream().map(call -> "  " + call).collect(Collectors.joining("\n")),
                last),
        difference);
  }

  private static Optional<Difference> differenceIn(Consumer<List<Call>> replay, List<Call> calls) {
    try {
      replay.accept(calls);
      return Optional.empty();
    } catch (Difference difference) {
      return Optional.of(difference);
    }
  }

  @Override
  public void close() throws IOException {
    functions.close();
    memory.ifPresent(MemoryDynamoDb::stop);
    system.close();
  }
}
