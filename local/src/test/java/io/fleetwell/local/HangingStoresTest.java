package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.Wiring;
import io.fleetwell.failure.Failure;
import io.fleetwell.lambda.Deadline;
import io.fleetwell.local.Template.Function;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** However a store hangs, whoever called hears of it, before Lambda stops the function and the gateway says 500. */
@ExtendWith(RunningSystem.class)
class HangingStoresTest {
  private static final String DYNAMODB = "AWS_ENDPOINT_URL_DYNAMODB";
  private static final String S3 = "AWS_ENDPOINT_URL_S3";

  private final LocalSystem system;

  HangingStoresTest(LocalSystem system) {
    this.system = system;
  }

  /** What a function answered, and in how much time. */
  private record Timed(String function, JsonNode answer, Duration time, int hung) {
    void assertIsAnOutageWithin(Duration limit) {
      assertThat(hung).as(function).isPositive();
      assertThat(answer.path("statusCode").asInt()).as(function).isEqualTo(503);
      assertThat(answer.path("headers").path("retry-after").asText()).as(function).isEqualTo("1");
      assertThat(time).as(function).isLessThan(limit);
    }
  }

  /** Has all functions answer their events, all at once, each over a wire of its own to DynamoDB. */
  private List<Timed> answersOverWires(
      java.util.function.Function<Function, Function> change, Callable<Faults> faults)
      throws Exception {
    List<Callable<Timed>> calls = new ArrayList<>();
    for (Template.Route route : system.template().routes()) {
      Function function = change.apply(route.function());
      byte[] event = RecordedEvents.event(function.name(), Api.unique("D"));
      calls.add(() -> answerOverWire(function, event, DYNAMODB, faults.call()));
    }
    return AtOnce.call(calls);
  }

  private Timed answerOverWire(Function function, byte[] event, String store, Faults faults)
      throws IOException {
    Map<String, String> environment = new HashMap<>(system.environment(function));
    URI target = URI.create(Objects.requireNonNull(environment.get(store)));
    try (FaultyWire wire = new FaultyWire(target, faults)) {
      environment.put(store, wire.endpoint().toString());
      try (Wiring wiring = new Wiring(environment, Clock.systemUTC())) {
        LambdaFunction lambda = new LambdaFunction(function, wiring, line -> {});
        lambda.handler();
        long start = System.nanoTime();
        JsonNode answer = lambda.invoke(event);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        int hung = wire.injected(Fault.HANG) + wire.injected(Fault.HANG_IN_ANSWER);
        return new Timed(function.name(), answer, time, hung);
      }
    }
  }

  private static Function stoppedAfter(Duration timeout, Function function) {
    return new Function(
        function.name(),
        function.handler(),
        timeout,
        function.environment(),
        function.permissions());
  }

  @Test
  void aStoreThatNeverAnswersIsAnOutageForEveryFunction() throws Exception {
    assertThat(answersOverWires(it -> it, () -> Faults.always(Fault.HANG)))
        .allSatisfy(timed ->
            timed.assertIsAnOutageWithin(Wiring.CALL_TIMEOUT.plus(Deadline.MARGIN.multipliedBy(2))));
  }

  @Test
  void aStoreThatFallsSilentInItsAnswerIsAnOutageForEveryFunction() throws Exception {
    assertThat(answersOverWires(it -> it, () -> Faults.always(Fault.HANG_IN_ANSWER)))
        .allSatisfy(timed ->
            timed.assertIsAnOutageWithin(Wiring.CALL_TIMEOUT.plus(Deadline.MARGIN.multipliedBy(2))));
  }

  @Test
  void aStoreThatHangsAfterTheFirstCallIsAnOutageOrMakesNoDifference() throws Exception {
    List<Timed> answers = answersOverWires(it -> it, () -> Faults.after(1, Fault.HANG));
    List<Timed> met = answers.stream().filter(timed -> timed.hung() > 0).toList();
    assertThat(met).hasSizeGreaterThan(5);
    assertThat(met).allSatisfy(timed ->
        timed.assertIsAnOutageWithin(Wiring.CALL_TIMEOUT.plus(Deadline.MARGIN.multipliedBy(3))));
  }

  @Test
  void aBucketThatHangsIsAnOutage() throws Exception {
    Function upload = system.template().function("UploadLog");
    String device = Api.unique("D");
    new Api(system).device(device).put("/v1/devices/" + device, "{}");
    byte[] event = RecordedEvents.event("UploadLog", device);
    answerOverWire(upload, event, S3, Faults.always(Fault.HANG))
        .assertIsAnOutageWithin(upload.timeout().minus(Deadline.MARGIN));
  }

  /** Whatever a function has done before, it ends in time: calls get no more than what is left. */
  @Test
  void aFunctionThatHasLittleTimeLeftAnswersWithinIt() throws Exception {
    Duration timeout = Duration.ofSeconds(4);
    assertThat(answersOverWires(
            function -> stoppedAfter(timeout, function), () -> Faults.always(Fault.HANG)))
        .allSatisfy(timed -> timed.assertIsAnOutageWithin(timeout));
  }

  /** Each call is well within its timeout, and all of them together are not within the function's. */
  @Test
  void manySlowCallsEndInTimeTogether() throws Exception {
    Duration timeout = Duration.ofSeconds(4);
    Function importing =
        stoppedAfter(timeout, system.template().function("ImportDeviceKeys"));
    Timed timed = answerOverWire(
        importing, importOf(100), DYNAMODB, Faults.always(Fault.DELAY));
    assertThat(timed.answer().path("statusCode").asInt()).isEqualTo(503);
    assertThat(timed.time()).isLessThan(timeout);
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

  /** It cannot answer 503: an authorizer that fails makes the gateway say 500, in time. */
  @Test
  void theAuthorizerOfADevicesTokenFailsInTime() throws Exception {
    Function authorizer = system.template().authorizer().function();
    ObjectNode event = (ObjectNode) Api.JSON.readTree(RecordedEvents.event("Authorizer"));
    String token = new DeviceSigner(Api.unique("D"), "k1").token(Instant.now());
    ArrayNode identity = JsonNodeFactory.instance.arrayNode().add("Bearer " + token);
    event.set("identitySource", identity);
    long start = System.nanoTime();
    Failure failure = catchThrowableOfType(
        Failure.class,
        () -> answerOverWire(
            authorizer, Api.JSON.writeValueAsBytes(event), DYNAMODB, Faults.always(Fault.HANG)));
    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(authorizer.timeout());
  }
}
