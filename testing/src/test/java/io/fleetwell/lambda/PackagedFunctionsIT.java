package io.fleetwell.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Schedule;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.journey.Journey;
import io.fleetwell.testing.journey.JourneyLine;
import io.fleetwell.testing.journey.Played;
import io.fleetwell.testing.journey.RecordedEvents;
import io.fleetwell.testing.lambda.LambdaProcess;
import io.fleetwell.testing.lambda.LambdaProcess.Launch;
import io.fleetwell.testing.lambda.ProcessesAhead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What is deployed, as Lambda runs it: the files of each package under Lambda's own runtime client. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's runtime client is for Linux alone")
class PackagedFunctionsIT {
  private ClockedSystem own;
  private LocalSystem system;

  /** Of its own, since some answers tell all that there is. */
  @BeforeEach
  void start() throws Exception {
    own = new ClockedSystem(Map.of());
    system = own.system();
  }

  @AfterEach
  void stop() throws IOException {
    own.close();
  }

  /** The journey on a real clock: the first call of each function is its package's, the others are made here. */
  @TestFactory
  Stream<DynamicTest> restoredFromItsSnapshotEveryFunctionAnswersItsEvent() {
    List<JourneyLine> lines = Journey.read().withoutPause();
    assertThat(
            lines.stream().filter(JourneyLine::isRecorded).map(this::function).map(Function::name))
        .containsAll(
            system.template().functionsOfTheApi().stream().map(Function::name).toList());
    Aws aws = new Aws(system.environment(), Clock.systemUTC());
    ProcessesAhead processes = new ProcessesAhead(lines.stream()
        .filter(JourneyLine::isRecorded)
        .map(it -> () -> Launch.of(system, function(it))));
    return lines.stream()
        .filter(line -> line.isRecorded() || !line.isForAuthorizer())
        .map(line -> DynamicTest.dynamicTest(line.call(), () -> {
          JsonNode answer = line.isRecorded() ? answerOf(processes, line) : answerHere(aws, line);
          assertThat(Played.comparable(line, answer)).isEqualTo(line.json().path("answer"));
        }))
        .onClose(processes::close)
        .onClose(aws::close);
  }

  private Function function(JourneyLine line) {
    return system.template().function(RecordedEvents.function(line).name());
  }

  private static JsonNode answerOf(ProcessesAhead processes, JourneyLine line) throws IOException {
    try (LambdaProcess process = processes.next()) {
      return process.restore().invoke(RecordedEvents.event(line.call()));
    }
  }

  private JsonNode answerHere(Aws aws, JourneyLine line) throws IOException {
    return new LambdaFunction(function(line), aws, it -> {}).invoke(RecordedEvents.event(line));
  }

  @Test
  void theFunctionOfTheScheduleKeepsTheOthersAwake() throws IOException {
    Schedule weekly = system.template().schedules().get(0);
    try (LambdaProcess process =
        LambdaProcess.start(Launch.of(system, weekly.function()).withoutSnapshot())) {
      JsonNode answer =
          process.awaitReady().invoke(weekly.input().getBytes(StandardCharsets.UTF_8));
      assertThat(answer.path("awake").asLong())
          .isEqualTo(system.template().functions().stream()
              .filter(Function::startsFromSnapshot)
              .count());
    }
  }

  @Test
  void thePackageOfThePagesServesThem() throws IOException {
    Function pages = system.template().function("Pages");
    try (LambdaProcess process = LambdaProcess.start(Launch.of(system, pages).withoutSnapshot())) {
      String event = "{'version': '2.0', 'rawPath': '%s', 'headers': {'accept-encoding': 'gzip'}}";
      process.awaitReady();
      for (String path : List.of("/", "/docs", "/openapi.json", "/docs/swagger-ui-bundle.js")) {
        JsonNode answer = process.invoke(
            event.formatted(path).replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        assertThat(answer.path("statusCode").asInt()).as(path).isEqualTo(200);
        assertThat(answer.path("headers").path("content-encoding").asText()).isEqualTo("gzip");
        assertThat(answer.path("body").asText()).isNotEmpty();
      }
    }
  }

  @Test
  void aFunctionThatNoSnapshotWasTakenOfAnswersToo() throws IOException {
    Function function = system.template().function("ListHistory");
    try (LambdaProcess process =
        LambdaProcess.start(Launch.of(system, function).withoutSnapshot())) {
      JsonNode answer = process.awaitReady().invoke(RecordedEvents.event("ListHistory"));
      assertThat(answer.path("body").asText()).isEqualTo("{\"history\":[]}");
    }
  }
}
