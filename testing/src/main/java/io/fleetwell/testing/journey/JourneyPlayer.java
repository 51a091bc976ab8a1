package io.fleetwell.testing.journey;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.Permissions;
import io.fleetwell.local.Permissions.Permission;
import io.fleetwell.local.Template;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Table;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.TestClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes the calls of a journey on empty stores, one second apart, and records what each call does. */
public final class JourneyPlayer implements AutoCloseable {
  /** Firmware is cached, as in the cloud. */
  private static final Map<String, String> PARAMETERS = Map.of("FirmwareCacheSeconds", "30");

  private final ClockedSystem system;
  private final Map<String, String> resources;
  private final Map<String, PlayedFunction> functions = new HashMap<>();
  private final Set<String> seen = new HashSet<>();

  private JourneyPlayer(ClockedSystem system) {
    this.system = system;
    this.resources = resources(system.system().template());
  }

  /** A function with clients of its own, which call only what its policies allow. */
  private record PlayedFunction(
      LambdaFunction function, Aws aws, Permissions permissions, StoreCalls calls) {}

  /** Returns what each call of a journey does, in the journey's order. */
  public static List<Played> play(Journey journey) throws Exception {
    try (JourneyPlayer player =
        new JourneyPlayer(new ClockedSystem(PARAMETERS, new TestClock(Journey.START)))) {
      player.warmUp(journey);
      List<Played> played = new ArrayList<>();
      for (JourneyLine line : journey.lines()) {
        played.add(player.play(line));
      }
      return played;
    }
  }

  /** The SDK retries calls that a cold store answers late, and some retries are additional operations. */
  private void warmUp(Journey journey) throws IOException {
    for (JourneyLine line : journey.withoutPause()) {
      play(line.renamed("WARM"));
    }
  }

  /** Maps the names of tables and buckets in the stores to their names in the template. */
  private static Map<String, String> resources(Template inStores) {
    Template template = RunningSystem.template();
    Map<String, String> names = new HashMap<>();
    List<Table> tables = inStores.tables();
    for (int i = 0; i < tables.size(); i++) {
      names.put(tables.get(i).name(), template.tables().get(i).name());
    }
    for (int i = 0; i < inStores.buckets().size(); i++) {
      names.put(inStores.buckets().get(i), template.buckets().get(i));
    }
    return names;
  }

  private Played play(JourneyLine line) throws IOException {
    system.clock().pass(line.pause());
    PlayedFunction called =
        functions.computeIfAbsent(RecordedEvents.function(line).name(), this::function);
    JsonNode answer = called.function().invoke(event(line));
    system.clock().pass(Journey.STEP);
    List<StoreCalls.Call> calls = called.calls().take();
    return new Played(
        Played.comparable(line, answer),
        StoreCalls.inWords(calls),
        inWords(called.permissions().takeUsed()),
        eventual(calls),
        writes(calls),
        drawn(called.calls().takeRandom()));
  }

  /** Counts the values that no earlier call wrote. */
  private int drawn(Set<String> random) {
    return (int) random.stream().filter(seen::add).count();
  }

  private PlayedFunction function(String name) {
    Function function = system.system().template().function(name);
    Permissions permissions = new Permissions(name, function.permissions());
    StoreCalls calls = new StoreCalls();
    Aws aws =
        new Aws(system.system().environment(function), system.clock(), List.of(permissions, calls));
    return new PlayedFunction(
        new LambdaFunction(function, aws, line -> {}), aws, permissions, calls);
  }

  /** If the line calls the authorizer and has no token, the event gets one from the issuer. */
  private byte[] event(JourneyLine line) {
    boolean needsToken = line.isForAuthorizer() && line.token().isEmpty();
    return needsToken
        ? RecordedEvents.bytes(GatewayEvent.of(line, RecordedEvents.route(line), issued(line)))
        : RecordedEvents.event(line);
  }

  private String issued(JourneyLine line) {
    return system.system().userToken(line.caller().path("id").asText());
  }

  private SortedSet<String> inWords(Set<Permission> permissions) {
    SortedSet<String> words = new TreeSet<>();
    for (Permission permission : permissions) {
      words.add(inWords(new Permission(permission.action(), inTemplate(permission.resource()))));
    }
    return words;
  }

  /** The name in the template of a table, an index of a table, or keys in a bucket. */
  private String inTemplate(String resource) {
    String store = resource.split("/", 2)[0];
    return resource.replaceFirst("[^/]+", resources.getOrDefault(store, store));
  }

  private SortedSet<String> eventual(List<StoreCalls.Call> calls) {
    return calls.stream()
        .flatMap(call -> call.eventual().stream())
        .map(this::inTemplate)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** A permission in the format of the journey, such as {@code dynamodb:GetItem Devices}. */
  public static String inWords(Permission permission) {
    return permission.action() + " " + permission.resource();
  }

  private SortedMap<String, Integer> writes(List<StoreCalls.Call> calls) {
    SortedMap<String, Integer> writes = new TreeMap<>();
    calls.stream()
        .flatMap(call -> call.written().stream())
        .forEach(it -> writes.merge(inTemplate(it), 1, Integer::sum));
    return writes;
  }

  @Override
  public void close() throws IOException {
    functions.values().forEach(it -> it.aws().close());
    system.close();
  }
}
