package io.fleetwell.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.journey.RecordedEvents;
import io.fleetwell.testing.journey.RecordedEvents.Expected;
import io.fleetwell.testing.lambda.LambdaProcess;
import io.fleetwell.testing.lambda.LambdaProcess.Launch;
import io.fleetwell.testing.lambda.ProcessesAhead;
import java.io.IOException;
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

  @TestFactory
  Stream<DynamicTest> restoredFromItsSnapshotEveryFunctionAnswersItsEvent() {
    List<Expected> expected = RecordedEvents.expected();
    ProcessesAhead processes = new ProcessesAhead(expected.stream()
        .map(it -> () -> Launch.of(system, system.template().function(it.function()))));
    return expected.stream()
        .map(it -> DynamicTest.dynamicTest(it.function(), () -> {
          try (LambdaProcess process = processes.next()) {
            JsonNode answer = process.restore().invoke(RecordedEvents.event(it.function()));
            assertThat(RecordedEvents.comparable(answer)).isEqualTo(it.answer());
          }
        }))
        .onClose(processes::close);
  }

  @Test
  void restoredFromItsSnapshotTheAuthorizerRefusesATokenThatNobodySigned() throws IOException {
    Function authorizer = system.template().authorizer().function();
    try (LambdaProcess process = LambdaProcess.start(Launch.of(system, authorizer))) {
      assertThat(process.restore().invoke(RecordedEvents.event(authorizer.name())))
          .isEqualTo(RecordedEvents.AUTHORIZER_ANSWER);
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
