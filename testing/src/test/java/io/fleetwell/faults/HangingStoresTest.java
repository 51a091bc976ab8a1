package io.fleetwell.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.DeviceSigner;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultyWire;
import io.fleetwell.testing.journey.RecordedEvents;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** When a store hangs, the caller gets a 503 before Lambda stops the function and the gateway answers 500. */
@ExtendWith(RunningSystem.class)
class HangingStoresTest {
  private final LocalSystem system;

  HangingStoresTest(LocalSystem system) {
    this.system = system;
  }

  /**
   * The answer of a function before its timeout.
   *
   * @param hung how many of its calls to the store hung
   */
  private record Answered(Function function, JsonNode answer, int hung) {
    boolean isOutage() {
      return answer.path("statusCode").asInt() == 503;
    }

    void assertIsOutage() {
      String name = function.name();
      assertThat(hung).as(name).isPositive();
      assertThat(answer.path("statusCode").asInt()).as(name).isEqualTo(503);
      assertThat(answer.path("headers").path("retry-after").asInt())
          .as(name)
          .isBetween(1, name.equals("CheckFirmware") ? 300 : 1);
    }
  }

  /** Calls all functions at once, each over its own wire to DynamoDB. */
  private List<Answered> answersOverWires(Supplier<Faults> faults) throws Exception {
    List<Callable<Answered>> calls = new ArrayList<>();
    List<Function> functions = system.template().routes().stream()
        .map(Template.Route::function)
        .distinct()
        .toList();
    for (Function function : functions) {
      byte[] event = RecordedEvents.event(function.name(), Api.unique("D"));
      calls.add(() -> answerOverWire(function, event, Aws.DYNAMODB_ENDPOINT, faults.get()));
    }
    return AtOnce.call(calls);
  }

  private Answered answerOverWire(Function function, byte[] event, String store, Faults faults)
      throws IOException {
    Map<String, String> environment = new HashMap<>(system.environment(function));
    URI target = URI.create(Objects.requireNonNull(environment.get(store)));
    try (FaultyWire wire = new FaultyWire(target, faults)) {
      environment.put(store, wire.endpoint().toString());
      try (Aws aws = new Aws(environment, Clock.systemUTC())) {
        LambdaFunction lambda = new LambdaFunction(function, aws, line -> {});
        lambda.handler();
        JsonNode answer = lambda.invoke(event);
        int hung = wire.injected(Fault.HANG) + wire.injected(Fault.HANG_IN_ANSWER);
        return new Answered(function, answer, hung);
      }
    }
  }

  /** The function with a timeout shorter than that of a call to a store. */
  private static Function stoppedSoon(Function function) {
    return new Function(
        function.name(),
        function.handler(),
        Aws.CALL_TIMEOUT.minusMillis(500),
        function.alias(),
        function.startsFromSnapshot(),
        function.environment(),
        function.permissions());
  }

  private interface Check {
    void run() throws Exception;
  }

  /** Runs all tests at once, since each mostly waits. */
  @TestFactory
  Stream<DynamicTest> aHangingStoreIsReportedBeforeTheTimeout() {
    Map<String, Check> tests = new LinkedHashMap<>();
    tests.put(
        "every function answers 503 when a store never answers",
        () -> assertOutages(answersOverWires(() -> Faults.always(Fault.HANG))));
    tests.put(
        "every function answers 503 when a store hangs within its answer",
        () -> assertOutages(answersOverWires(() -> Faults.always(Fault.HANG_IN_ANSWER))));
    tests.put(
        "functions that need a second call answer 503 when it hangs",
        this::assertHangsAfterTheFirstCall);
    tests.put(
        "every function that uses the bucket answers 503 when it hangs", this::assertBucketHangs);
    tests.put(
        "the authorizer fails before its timeout when a device's key cannot be read",
        this::assertAuthorizerFails);
    tests.put("a function with little time left answers within it", this::assertLittleTimeIsKept);
    tests.put("many slow calls together end before the timeout", this::assertSlowCallsEndInTime);
    ExecutorService threads = Executors.newFixedThreadPool(tests.size());
    List<DynamicTest> running = new ArrayList<>();
    tests.forEach((name, test) -> {
      Future<Boolean> result = threads.submit(() -> {
        test.run();
        return true;
      });
      running.add(DynamicTest.dynamicTest(name, result::get));
    });
    threads.shutdown();
    return running.stream();
  }

  private static void assertOutages(List<Answered> answers) {
    assertThat(answers).allSatisfy(Answered::assertIsOutage);
  }

  private void assertHangsAfterTheFirstCall() throws Exception {
    List<Answered> outages = answersOverWires(() -> Faults.after(1, Fault.HANG)).stream()
        .filter(Answered::isOutage)
        .toList();
    assertThat(outages).hasSizeGreaterThan(5);
    assertOutages(outages);
  }

  private void assertBucketHangs() throws Exception {
    List<Function> users = system.template().functions().stream()
        .filter(HangingStoresTest::usesTheBucket)
        .toList();
    assertThat(users).isNotEmpty();
    for (Function user : users) {
      String device = Api.unique("D");
      new Api(system).device(device).put("/v1/devices/" + device, "{}");
      byte[] event = RecordedEvents.event(user.name(), device);
      answerOverWire(user, event, Aws.S3_ENDPOINT, Faults.always(Fault.HANG)).assertIsOutage();
    }
  }

  private static boolean usesTheBucket(Function function) {
    return function.permissions().stream().anyMatch(it -> it.action().startsWith("s3:"));
  }

  /** Calls to a store get no more time than the function has left. */
  private void assertLittleTimeIsKept() throws Exception {
    for (String name : List.of("GetDevice", "ClaimDevice")) {
      Function function = stoppedSoon(system.template().function(name));
      byte[] event = RecordedEvents.event(name, Api.unique("D"));
      answerOverWire(function, event, Aws.DYNAMODB_ENDPOINT, Faults.always(Fault.HANG))
          .assertIsOutage();
    }
  }

  /** Each call ends well before its own timeout, but all together exceed the function's timeout. */
  private void assertSlowCallsEndInTime() throws Exception {
    Function importing = stoppedSoon(system.template().function("ImportDeviceKeys"));
    Answered answered =
        answerOverWire(importing, importOf(200), Aws.DYNAMODB_ENDPOINT, Faults.always(Fault.DELAY));
    assertThat(answered.isOutage()).isTrue();
  }

  private static byte[] importOf(int devices) throws IOException {
    ObjectNode event = (ObjectNode) Api.JSON.readTree(RecordedEvents.event("ImportDeviceKeys"));
    String name = Api.unique("D");
    event.put("isBase64Encoded", false);
    event.put(
        "body",
        IntStream.range(0, devices)
            .mapToObj(i -> "{\"deviceid\":\"%s-%d\",\"key\":%s}"
                .formatted(name, i, new DeviceSigner(name, "k1").jwk()))
            .collect(Collectors.joining("\n")));
    return Api.JSON.writeValueAsBytes(event);
  }

  /** An authorizer cannot answer 503: when it fails, the gateway answers 500. */
  private void assertAuthorizerFails() throws Exception {
    Function authorizer = system.template().authorizer().function();
    ObjectNode event = (ObjectNode) Api.JSON.readTree(RecordedEvents.event("Authorizer"));
    String token = new DeviceSigner(Api.unique("D"), "k1").token(Instant.now());
    event.set("identitySource", JsonNodeFactory.instance.arrayNode().add("Bearer " + token));
    Failure failure = catchThrowableOfType(
        Failure.class,
        () -> answerOverWire(
            authorizer,
            Api.JSON.writeValueAsBytes(event),
            Aws.DYNAMODB_ENDPOINT,
            Faults.always(Fault.HANG)));
    assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
  }
}
