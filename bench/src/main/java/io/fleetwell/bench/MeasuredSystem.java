package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.Wiring;
import io.fleetwell.floor.EmptyHandler;
import io.fleetwell.floor.GetItemHandler;
import io.fleetwell.local.LambdaProcess.Launch;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.LocalSystem.Settings;
import io.fleetwell.local.RecordedEvents;
import io.fleetwell.local.RunningSystem;
import io.fleetwell.local.RuntimeClient;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The functions and the floors, as Lambda starts them; their stores are in a process of their own. */
final class MeasuredSystem implements AutoCloseable {
  /** The template's own, in the place of the local system's. */
  private static final Map<String, String> PARAMETERS = Map.of("FirmwareCacheSeconds", "30");

  /**
   * What Lambda is supposed to give a JVM with 512 MB beside the template's options: a heap of 85 %. The template's, of
   * collector and compiler, are those that Lambda gives a function without a snapshot anyway.
   */
  private static final List<String> OPTIONS_OF_LAMBDA = List.of("-XX:MaxHeapSize=445645k");

  private static final Path FLOOR = RunningSystem.PROJECT.resolve("bench/floor/target");
  private static final String FLOOR_JAR = "fleetwell-floor.jar";

  private final Scope scope;
  private final Path data;
  private final LocalSystem system;
  private final Wiring wiring;

  private MeasuredSystem(Scope scope, Path data, LocalSystem system) {
    this.scope = scope;
    this.data = data;
    this.system = system;
    this.wiring = new Wiring(system.environment(), Clock.systemUTC());
  }

  static MeasuredSystem start(Scope scope) throws Exception {
    Path data = Files.createTempDirectory("fleetwell-bench");
    return new MeasuredSystem(scope, data, RunningSystem.startWithStoresApart(settings(data)));
  }

  /** For what is counted, not timed. */
  static MeasuredSystem startInOneProcess() throws Exception {
    Path data = Files.createTempDirectory("fleetwell-bench");
    return new MeasuredSystem(Scope.ALL, data, LocalSystem.start(settings(data)));
  }

  private static Settings settings(Path data) {
    return new Settings(
        0, data, false, RunningSystem.PROJECT, Clock.systemUTC(), line -> {}, PARAMETERS);
  }

  LocalSystem local() {
    return system;
  }

  List<MeasuredCall> calls() {
    return scope.of(MeasuredCall.all(system));
  }

  /** With clients of the stores, for calls that are not measured. */
  Wiring wiring() {
    return wiring;
  }

  /** A function on a JDK, without a snapshot. */
  Launch launch(Function function, int jdk) {
    return on(jdk, Launch.of(system, function).withoutSnapshot());
  }

  /** With a snapshot. */
  Launch launchFromSnapshot(Function function, int jdk) {
    return on(jdk, Launch.of(system, function));
  }

  /** A function that does nothing. */
  Launch emptyFloor(int jdk) throws IOException {
    Path alone = data.resolve("empty");
    Path jar = Files.createDirectories(alone.resolve("lib")).resolve(FLOOR_JAR);
    if (!Files.exists(jar)) {
      Files.createSymbolicLink(jar, FLOOR.resolve("lib").resolve(FLOOR_JAR));
    }
    return floor(jdk, alone, EmptyHandler.class);
  }

  /** A function that reads one item, by the SDK. */
  Launch getItemFloor(int jdk) throws IOException {
    // Puts the device FLOOR1, which it reads.
    RecordedEvents.callBefore("GetDevice", "FLOOR", system, wiring);
    return floor(jdk, FLOOR, GetItemHandler.class);
  }

  /** With the variables of one of our functions, and so the same options of the JVM. */
  private Launch floor(int jdk, Path taskRoot, Class<?> handler) {
    Function function = system.template().function("CheckFirmware");
    return launch(function, jdk).withPackage(taskRoot, handler.getName());
  }

  private Launch on(int jdk, Launch launch) {
    Path java = RuntimeClient.java(jdk)
        .orElseThrow(() -> new IllegalStateException("there is no JDK " + jdk));
    return launch.on(scope.processors().ofFunctions(java.toString()), OPTIONS_OF_LAMBDA);
  }

  /** @throws IllegalStateException when a call was not answered as it is meant to be */
  static void requireSuccess(JsonNode answer) {
    int status = answer.path("statusCode").asInt();
    if (!answer.path("isAuthorized").asBoolean() && (status < 200 || status > 299)) {
      throw new IllegalStateException(answer.toString());
    }
  }

  @Override
  public void close() throws IOException {
    wiring.close();
    system.close();
    TestFolders.delete(data);
  }
}
