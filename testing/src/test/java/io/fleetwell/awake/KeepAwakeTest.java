package io.fleetwell.awake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.lambda.AwakeEvent;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Permissions.Permission;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Schedule;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.faults.Call;
import io.fleetwell.testing.faults.Fault;
import io.fleetwell.testing.faults.Faults;
import io.fleetwell.testing.faults.FaultyWire;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The weekly call of every function that starts from a snapshot, and the event that does nothing. */
@ExtendWith(RunningSystem.class)
class KeepAwakeTest {
  private static final String NOWHERE = "http://127.0.0.1:1";

  private final LocalSystem system;
  private final Schedule weekly;
  private final List<String> lines = new ArrayList<>();

  KeepAwakeTest(LocalSystem system) {
    this.system = system;
    this.weekly = system.template().schedules().get(0);
  }

  private static Stream<Function> withSnapshot() {
    return RunningSystem.template().functions().stream().filter(Function::startsFromSnapshot);
  }

  /** All but that of the public pages, which no schedule calls. */
  static Stream<Function> functions() {
    return Stream.concat(
        functionsOfTheApi(), RunningSystem.template().schedules().stream().map(Schedule::function));
  }

  static Stream<Function> functionsOfTheApi() {
    return RunningSystem.template().functionsOfTheApi().stream();
  }

  private URI lambda() {
    return URI.create(
        String.valueOf(system.environment(weekly.function()).get(Aws.LAMBDA_ENDPOINT)));
  }

  /** Calls the function of the schedule, over a wire to the others. */
  private JsonNode call(FaultyWire wire, String event) throws IOException {
    Map<String, String> environment = new HashMap<>(system.environment(weekly.function()));
    environment.put(Aws.LAMBDA_ENDPOINT, wire.endpoint() + lambda().getPath());
    try (Aws aws = new Aws(environment, Clock.systemUTC())) {
      return new LambdaFunction(weekly.function(), aws, lines::add)
          .invoke(event.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String invocationOf(Function function) {
    return "/KeepAwake/2015-03-31/functions/%s%%3Alive/invocations".formatted(function.name());
  }

  @Test
  void theScheduleCallsEveryFunctionThatStartsFromASnapshotWithTheEventThatDoesNothing()
      throws IOException {
    try (FaultyWire wire = new FaultyWire(lambda())) {
      call(wire, weekly.input());
      assertThat(wire.takeCalls())
          .hasSizeGreaterThan(15)
          .allSatisfy(
              call -> assertThat(call.json()).isEqualTo(Api.JSON.readTree(AwakeEvent.bytes())))
          .extracting(Call::target)
          .containsExactlyInAnyOrderElementsOf(
              withSnapshot().map(KeepAwakeTest::invocationOf).toList());
    }
  }

  @Test
  void firedOnThisMachineItReachesTheFunctions() throws IOException {
    assertThat(system.fire(weekly).path("awake").asLong())
        .isEqualTo(withSnapshot().count());
  }

  @Test
  void itsPolicyAllowsExactlyTheCallsThatItMakes() {
    assertThat(weekly.function().permissions())
        .containsExactlyInAnyOrderElementsOf(withSnapshot()
            .map(it -> new Permission("lambda:InvokeFunction", it.arn().orElseThrow()))
            .toList());
  }

  @Test
  void aFunctionThatItsPolicyDoesNotAllowIsNotCalled() {
    Function caller = system.template().function("GetDevice");
    assertThat(system.environment(caller).get(Aws.LAMBDA_ENDPOINT)).endsWith("/GetDevice");
    try (Aws aws = new Aws(system.environment(caller), Clock.systemUTC())) {
      assertThatThrownBy(() -> new LambdaFunction(weekly.function(), aws, lines::add)
              .invoke(weekly.input().getBytes(StandardCharsets.UTF_8)))
          .hasMessageStartingWith("0 of ");
    }
    assertThat(lines)
        .isNotEmpty()
        .filteredOn(it -> it.contains("403 AccessDeniedException"))
        .hasSize((int) withSnapshot().count());
  }

  @Test
  void afterAFailureItCallsTheOthersAndThenFails() throws IOException {
    long all = withSnapshot().count();
    try (FaultyWire wire = new FaultyWire(lambda(), Faults.first(1, "", Fault.ERROR))) {
      assertThatThrownBy(() -> call(wire, weekly.input()))
          .hasMessage("%d of %d functions answered", all - 1, all);
      assertThat(wire.takeCalls()).hasSize((int) all);
    }
    assertThat(lines)
        .filteredOn(it -> it.contains("\"level\":\"ERROR\""))
        .singleElement()
        .asString()
        .contains("Authorizer:live does not answer: 500");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"functions\":[]}", "{\"functions\":[\"CheckFirmware\"]}"})
  void anEventThatNamesNoFunctionsFails(String event) throws IOException {
    try (FaultyWire wire = new FaultyWire(lambda())) {
      assertThatThrownBy(() -> call(wire, event)).isInstanceOf(RuntimeException.class);
      assertThat(wire.takeCalls()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aFunctionAnswersTheEventWithoutACallAndWithoutALine(Function function) throws IOException {
    Map<String, String> environment = new HashMap<>(system.environment(function));
    List.of(Aws.DYNAMODB_ENDPOINT, Aws.S3_ENDPOINT, Aws.LAMBDA_ENDPOINT)
        .forEach(endpoint -> environment.put(endpoint, NOWHERE));
    try (Aws aws = new Aws(environment, Clock.systemUTC())) {
      JsonNode answer = new LambdaFunction(function, aws, lines::add).invoke(AwakeEvent.bytes());
      assertThat(answer).isEqualTo(Api.json("{}"));
    }
    assertThat(lines).isEmpty();
  }

  /** The event of the gateway always has a version, beside which there may be anything. */
  @ParameterizedTest
  @MethodSource("functionsOfTheApi")
  void anEventWithAVersionIsACallWhateverElseItHas(Function function) throws IOException {
    byte[] event = "{\"version\":\"2.0\",\"fleetwell\":\"awake\"}".getBytes(StandardCharsets.UTF_8);
    try (Aws aws = new Aws(system.environment(function), Clock.systemUTC())) {
      JsonNode answer = new LambdaFunction(function, aws, lines::add).invoke(event);
      assertThat(answer.path("statusCode").asInt() == 401
              || answer.path("isAuthorized").isBoolean())
          .isTrue();
    }
    assertThat(lines).hasSize(1);
  }

  @Test
  void aBodyWithTheSameTextIsABody() throws Exception {
    try (ClockedSystem own = new ClockedSystem(Map.of())) {
      Api.Answer answer = own.api().device("D1").put("/v1/devices/D1", "{'fleetwell': 'awake'}");
      assertThat(answer.json().path("fleetwell").asText()).isEqualTo("awake");
      assertThat(Files.readAllLines(own.system().functionLogs()))
          .anyMatch(line -> line.contains("PUT /v1/devices/{deviceid}"));
    }
  }
}
