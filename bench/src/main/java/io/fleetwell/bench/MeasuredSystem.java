package io.fleetwell.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.bench.MeasuredCall.Events;
import io.fleetwell.floor.ClaimCallsHandler;
import io.fleetwell.floor.EmptyHandler;
import io.fleetwell.floor.GetItemHandler;
import io.fleetwell.floor.UploadCallsHandler;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.LocalSystem.Settings;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.Project;
import io.fleetwell.testing.StoresApart;
import io.fleetwell.testing.TestFolders;
import io.fleetwell.testing.journey.RecordedEvents;
import io.fleetwell.testing.lambda.LambdaProcess.Launch;
import io.fleetwell.testing.lambda.RuntimeClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A local system of its own, with empty stores; and its functions and the floors, as Lambda starts them. */
final class MeasuredSystem implements AutoCloseable {
  /** What Lambda runs. */
  static final int JDK = 25;

  static final String ONE_GET_ITEM = "*one GetItem*";
  private static final String CALLS_OF_CLAIM = "*the calls of a claim with a code*";
  private static final String CALLS_OF_UPLOAD = "*the calls of an upload*";

  /**
   * The heap that Lambda is supposed to give a JVM with 512 MB: 85 %. Collector and compiler are set by the template's
   * options.
   */
  private static final List<String> OPTIONS_OF_LAMBDA = List.of("-XX:MaxHeapSize=445645k");

  private static final Path FLOOR = Project.FOLDER.resolve("bench/floor/target");
  private static final String FLOOR_JAR = "fleetwell-floor.jar";

  /** What only S3 needs of the SDK. */
  private static final Pattern OF_S3 =
      Pattern.compile("(s3|arns|crt-core|aws-(query|xml)-protocol)-.*");

  /** In memory, where Linux has such a folder: DynamoDB Local waits for the disk after each write. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Scope scope;
  private final Path data;
  private final LocalSystem system;
  private final Aws aws;

  private MeasuredSystem(Scope scope, Path data, LocalSystem system) {
    this.scope = scope;
    this.data = data;
    this.system = system;
    this.aws = new Aws(system.environment(), Clock.systemUTC());
  }

  /** With the stores in a process of their own, and firmware cached as long as in the cloud. */
  static MeasuredSystem start(Scope scope) throws Exception {
    Path data = folder();
    return new MeasuredSystem(scope, data, StoresApart.startSystem(settings(data, "30")));
  }

  /** For functions that are called directly, with firmware cached for an hour. */
  static MeasuredSystem startInOneProcess() throws Exception {
    Path data = folder();
    return new MeasuredSystem(Scope.UNDIVIDED, data, LocalSystem.start(settings(data, "3600")));
  }

  private static Path folder() throws IOException {
    return Files.isWritable(MEMORY)
        ? Files.createTempDirectory(MEMORY, "fleetwell-bench")
        : Files.createTempDirectory("fleetwell-bench");
  }

  private static Settings settings(Path data, String firmwareCacheSeconds) {
    return Project.settings(data, Map.of("FirmwareCacheSeconds", firmwareCacheSeconds));
  }

  LocalSystem local() {
    return system;
  }

  /** A function that is called directly. */
  DirectFunction function(String name) {
    return new DirectFunction(system.template().function(name), aws);
  }

  /** With clients of the stores, for calls that are not measured. */
  Aws aws() {
    return aws;
  }

  /** A process to start, and what to send it. */
  record Subject(String title, Launch launch, Events events) {
    Subject withoutSnapshot() {
      return new Subject(title, launch.withoutSnapshot(), events);
    }
  }

  /** The two common floors, then the functions, all without a snapshot. */
  List<Subject> subjects(boolean repeated) throws IOException {
    return withFunctions(List.of(emptyFloor(), getItemFloor()), repeated);
  }

  /** All floors, then the functions, all without a snapshot. */
  List<Subject> coldSubjects() throws IOException {
    return withFunctions(List.of(emptyFloor(), getItemFloor(), claimFloor(), uploadFloor()), false);
  }

  /** The floor of the calls to the stores that a call makes. */
  static String floorOf(String title) {
    if (title.startsWith("UploadLog") || title.equals(CALLS_OF_UPLOAD)) {
      return CALLS_OF_UPLOAD;
    }
    boolean isClaimWithCode =
        title.equals("ClaimDevice, with its code") || title.equals(CALLS_OF_CLAIM);
    return isClaimWithCode ? CALLS_OF_CLAIM : ONE_GET_ITEM;
  }

  private List<Subject> withFunctions(List<Subject> floors, boolean repeated) throws IOException {
    List<Subject> subjects = new ArrayList<>(floors);
    for (Subject subject : snapshots(repeated)) {
      subjects.add(subject.withoutSnapshot());
    }
    return subjects;
  }

  /**
   * The functions, from a snapshot.
   *
   * @param repeated whether to send the same event again, where that can be answered
   */
  List<Subject> snapshots(boolean repeated) throws IOException {
    List<Subject> subjects = new ArrayList<>();
    for (MeasuredCall call : MeasuredCall.all(system.template())) {
      if (scope.has(call.title())) {
        Events events = repeated ? call.events(this) : call.freshEvents(this);
        subjects.add(new Subject(call.title(), launch(call.function()), events));
      }
    }
    return subjects;
  }

  Subject snapshot(String title, boolean repeated) throws IOException {
    return snapshots(repeated).stream()
        .filter(subject -> subject.title().equals(title))
        .findFirst()
        .orElseThrow();
  }

  private Launch launch(Function function) {
    Path java = RuntimeClient.java(JDK)
        .orElseThrow(() -> new IllegalStateException("there is no JDK " + JDK));
    return Launch.of(system, function).on(scope.command(java.toString()), OPTIONS_OF_LAMBDA);
  }

  private Subject emptyFloor() throws IOException {
    return floor("*empty function*", folder("empty", FLOOR_JAR::equals), EmptyHandler.class);
  }

  private Subject getItemFloor() throws IOException {
    // Puts the device FLOOR1, which the floor reads.
    RecordedEvents.callBefore("GetDevice", "FLOOR", system, aws);
    return floor(ONE_GET_ITEM, withoutS3(), GetItemHandler.class);
  }

  private Subject claimFloor() throws IOException {
    return floor(CALLS_OF_CLAIM, withoutS3(), ClaimCallsHandler.class);
  }

  private Subject uploadFloor() {
    return floor(CALLS_OF_UPLOAD, FLOOR, UploadCallsHandler.class);
  }

  private Path withoutS3() throws IOException {
    return folder("without-s3", name -> !OF_S3.matcher(name).matches());
  }

  /** A package of some of the floor's jars. */
  private Path folder(String name, Predicate<String> jars) throws IOException {
    Path lib = data.resolve(name).resolve("lib");
    if (Files.exists(lib)) {
      return data.resolve(name);
    }
    Files.createDirectories(lib);
    try (Stream<Path> all = Files.list(FLOOR.resolve("lib"))) {
      for (Path jar :
          all.filter(it -> jars.test(String.valueOf(it.getFileName()))).toList()) {
        Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
      }
    }
    return data.resolve(name);
  }

  /** With the variables of a function of the product, and so the same options of the JVM. */
  private Subject floor(String title, Path taskRoot, Class<?> handler) {
    Launch check = launch(system.template().function("CheckFirmware"));
    Launch floor = check.withPackage(taskRoot, handler.getName()).withoutSnapshot();
    return new Subject(title, floor, Events.ANY);
  }

  /** @throws IllegalStateException unless the call was answered as it is meant to be; "no update" is a success */
  static void requireSuccess(JsonNode answer) {
    int status = answer.path("statusCode").asInt();
    boolean noUpdate =
        status == 404 && answer.path("body").asText().contains("urn:fleetwell:problem:no-update");
    if (!answer.path("isAuthorized").asBoolean() && !noUpdate && (status < 200 || status > 299)) {
      throw new IllegalStateException(answer.toString());
    }
  }

  @Override
  public void close() throws IOException {
    aws.close();
    system.close();
    TestFolders.delete(data);
  }
}
