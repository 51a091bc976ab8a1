package io.fleetwell.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.faults.FaultyWire;
import io.fleetwell.testing.journey.Journey;
import io.fleetwell.testing.journey.JourneyLine;
import io.fleetwell.testing.journey.JourneyPlayer;
import io.fleetwell.testing.journey.RandomTexts;
import io.fleetwell.testing.journey.RecordedEvents;
import io.fleetwell.testing.lambda.LambdaProcess;
import io.fleetwell.testing.lambda.LambdaProcess.Launch;
import io.fleetwell.testing.lambda.ProcessesAhead;
import io.fleetwell.testing.lambda.SnapshottedRandom;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Security;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A snapshot of a function is taken before its first call, and restored as often as Lambda likes. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's runtime client is for Linux alone")
@ExtendWith(RunningSystem.class)
class SnapshotsIT {
  private static final int CALLS = 3;
  private static final String PASSWORD = "password";
  private static final String RESTORED = "restored";

  @TempDir
  Path folder;

  @TestFactory
  Stream<DynamicTest> beforeItsSnapshotAFunctionIsPrimedWithoutEffectsOutside(LocalSystem system)
      throws IOException {
    Map<Function, FaultyWire> stores = new LinkedHashMap<>();
    for (Function function : system.template().functionsOfTheApi()) {
      stores.put(function, new FaultyWire(endpoint(system, Aws.DYNAMODB_ENDPOINT)));
    }
    ProcessesAhead processes = new ProcessesAhead(stores.entrySet().stream()
        .map(it -> () -> withStores(Launch.of(system, it.getKey()), it.getValue())));
    return stores.entrySet().stream()
        .map(it -> DynamicTest.dynamicTest(it.getKey().name(), () -> {
          try (LambdaProcess process = processes.next();
              FaultyWire store = it.getValue()) {
            process.awaitCheckpoint();
            assertThat(store.takeCalls()).isEmpty();
            Stream<String> connections = openConnectionsTo(store.endpoint().getPort());
            assertThat(process.end()).anyMatch(line -> line.contains("primed in"));
            assertThat(connections).isEmpty();
          }
        }))
        .onClose(processes::close);
  }

  /** The recorded claim has no code, and is then refused. */
  @Test
  void aClaimIsPrimedWhereEveryClaimNeedsACode(LocalSystem system) throws IOException {
    Launch launch = Launch.of(system, system.template().function("ClaimDevice"))
        .with(Map.of("REQUIRE_CLAIM_CODE", "true"));
    try (LambdaProcess process = LambdaProcess.start(launch)) {
      process.awaitCheckpoint();
      assertThat(process.end()).anyMatch(line -> line.contains("primed in"));
    }
  }

  @Test
  void tlsIsLoadedByAConnectionOverWhichNothingIsSent(LocalSystem system) throws Exception {
    Path keys = selfSigned();
    try (ServerSocket server = tlsServer(keys)) {
      CompletableFuture<Integer> firstByte = CompletableFuture.supplyAsync(() -> {
        try (Socket connection = server.accept()) {
          return connection.getInputStream().read();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
      Launch launch = Launch.of(system, system.template().function("GetDevice"))
          .with(Map.of(Aws.DYNAMODB_ENDPOINT, "https://127.0.0.1:" + server.getLocalPort()))
          .with(
              List.of(
                  "-Djavax.net.ssl.trustStore=" + keys,
                  "-Djavax.net.ssl.trustStorePassword=" + PASSWORD),
              List.of(),
              AWSLambda.class);
      try (LambdaProcess process = LambdaProcess.start(launch)) {
        process.awaitCheckpoint();
        assertThat(process.end()).anyMatch(line -> line.contains("primed in"));
      }
      assertThat(firstByte.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    }
  }

  private Path selfSigned() throws IOException, InterruptedException {
    Path file = folder.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process = new ProcessBuilder(
            keytool,
            "-genkeypair",
            "-keyalg",
            "EC",
            "-dname",
            "CN=store",
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            PASSWORD)
        .inheritIO()
        .start();
    assertThat(process.waitFor()).isZero();
    return file;
  }

  private static ServerSocket tlsServer(Path keys) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context
        .getServerSocketFactory()
        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** The lines of the kernel's table (proc(5), {@code /proc/net/tcp}) that are of the caller's side. */
  private static Stream<String> openConnectionsTo(int port) throws IOException {
    Pattern open = Pattern.compile("\\s*\\d+: \\S+ \\S+:%04X (01|08) .*".formatted(port));
    List<String> lines = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      lines.addAll(Files.readAllLines(Path.of(table)));
    }
    return lines.stream().filter(line -> open.matcher(line).matches());
  }

  /** They would have expired. */
  @Test
  void credentialsOfBeforeTheSnapshotAreNotUsedAfterIt(LocalSystem system) throws IOException {
    try (LambdaProcess process =
        LambdaProcess.start(Launch.of(system, system.template().function("GetDevice")))) {
      process.awaitCheckpoint();
      int before = process.api().credentialsGiven();
      process.restore().invoke(RecordedEvents.event("GetDevice"));
      assertThat(process.api().credentialsGiven()).isEqualTo(before + 1);
    }
  }

  private static Launch withStores(Launch launch, FaultyWire wire) {
    String endpoint = wire.endpoint().toString();
    return launch.with(Map.of(Aws.DYNAMODB_ENDPOINT, endpoint, Aws.S3_ENDPOINT, endpoint));
  }

  private static URI endpoint(LocalSystem system, String variable) {
    return URI.create(Objects.requireNonNull(system.environment().get(variable)));
  }

  static Stream<Named<Function>> functionsThatWrite() {
    return RunningSystem.template().functionsOfTheApi().stream()
        .filter(function -> !writePermissions(function).isEmpty())
        .map(function -> Named.of(function.name(), function));
  }

  private static Set<String> writePermissions(Function function) {
    return function.permissions().stream()
        .filter(it -> !it.action().matches("\\w+:(Get|BatchGet|Query|List).*"))
        .map(JourneyPlayer::inWords)
        .collect(Collectors.toSet());
  }

  /** Calls that use each permission to write that a function has. */
  private static List<JourneyLine> callsThatWrite(Function function) {
    Set<String> unused = writePermissions(function);
    List<JourneyLine> calls = Journey.read().lines().stream()
        .filter(line -> RecordedEvents.function(line).equals(function))
        .filter(line -> unused.removeAll(line.permissions()))
        .toList();
    assertThat(unused).as("permissions that no call of the journey uses").isEmpty();
    return calls;
  }

  /** Without AWS there are no snapshots, so this supposes the worst: {@link SnapshottedRandom}. */
  @ParameterizedTest
  @MethodSource("functionsThatWrite")
  void restoredTwiceAFunctionRepeatsNoRandomValue(Function function, LocalSystem system, Aws aws)
      throws Exception {
    List<Set<String>> drawn = new ArrayList<>();
    try (FaultyWire wire = new FaultyWire(endpoint(system, Aws.DYNAMODB_ENDPOINT))) {
      Launch snapshot =
          withSnapshottedRandom(Launch.of(system, system.template().function(function.name()))
              .with(Map.of(Aws.DYNAMODB_ENDPOINT, wire.endpoint().toString())));
      try (LambdaProcess first = LambdaProcess.start(snapshot);
          LambdaProcess second = LambdaProcess.start(snapshot)) {
        first.awaitCheckpoint();
        second.awaitCheckpoint();
        Files.createFile(folder.resolve(RESTORED));
        for (LambdaProcess process : List.of(first.restore(), second.restore())) {
          for (JourneyLine call : callsThatWrite(function)) {
            for (int i = 0; i < CALLS; i++) {
              Set<String> values = drawnInACall(call.call(), process, wire, system, aws);
              assertThat(values).as(call.call()).hasSizeGreaterThanOrEqualTo(call.random());
              drawn.add(values);
            }
          }
        }
      }
    }
    assertThat(drawn.stream().flatMap(Set::stream)).doesNotHaveDuplicates();
  }

  /** What looks random in what a call writes. */
  private static Set<String> drawnInACall(
      String call, LambdaProcess process, FaultyWire wire, LocalSystem system, Aws aws)
      throws IOException {
    String device = Api.unique("D");
    RecordedEvents.callBefore(call, device, system, aws);
    process.invoke(RecordedEvents.event(call, device));
    return wire.takeCalls().stream()
        .filter(it -> it.isForDynamoDb())
        .flatMap(it -> RandomTexts.in(it.operation(), it.json()).stream())
        .collect(Collectors.toSet());
  }

  /** Until there is the file {@link #RESTORED}, all randomness is from before the snapshot. */
  private Launch withSnapshottedRandom(Launch launch) throws IOException {
    return launch.with(
        List.of(
            "-Djava.security.properties=" + withSnapshottedRandomFirst(),
            "-D%s=%s".formatted(SnapshottedRandom.RESTORED, folder.resolve(RESTORED))),
        List.of(alone(SnapshottedRandom.class, SnapshottedRandom.Engine.class)),
        SnapshottedRandom.class);
  }

  /** Security properties in which the JDK's own providers come after it. */
  private Path withSnapshottedRandomFirst() throws IOException {
    List<String> providers = new ArrayList<>(List.of(SnapshottedRandom.class.getName()));
    for (int i = 1; Security.getProperty("security.provider." + i) != null; i++) {
      providers.add(Security.getProperty("security.provider." + i));
    }
    return Files.write(
        folder.resolve("java.security"),
        IntStream.range(0, providers.size())
            .mapToObj(i -> "security.provider.%d=%s".formatted(i + 1, providers.get(i)))
            .toList());
  }

  /** A folder for the class path, with these classes and no others. */
  private Path alone(Class<?>... classes) throws IOException {
    Path classPath = folder.resolve("classes");
    for (Class<?> type : classes) {
      String name = type.getName().replace('.', '/') + ".class";
      Path file = classPath.resolve(name);
      Files.createDirectories(file.getParent());
      try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
        Files.copy(Objects.requireNonNull(in), file);
      }
    }
    return classPath;
  }
}
