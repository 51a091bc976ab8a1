package io.fleetwell.testing.journey;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Index;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.OpenApiContract;
import io.fleetwell.testing.Operation;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each call of the journey does exactly what its line says, and the lines use all that the template allows. */
@ExtendWith(RunningSystem.class)
class JourneyTest {
  private static final Template TEMPLATE = RunningSystem.template();
  private static final Journey JOURNEY = Journey.read();

  @TestFactory
  Stream<DynamicTest> everyCallDoesExactlyWhatItsLineSays() throws Exception {
    List<Played> played = JourneyPlayer.play(JOURNEY);
    return IntStream.range(0, played.size()).mapToObj(i -> {
      JourneyLine line = JOURNEY.lines().get(i);
      return DynamicTest.dynamicTest(line.call(), () -> requireSame(line, played.get(i)));
    });
  }

  private static void requireSame(JourneyLine line, Played played) {
    JsonNode actual = played.json();
    SoftAssertions.assertSoftly(softly -> {
      for (String field : List.of("answer", "stores", "permissions", "eventual", "writes")) {
        softly
            .assertThat(actual.path(field))
            .as("%s of %s", field, line)
            .isEqualTo(line.json().path(field));
      }
      softly
          .assertThat(played.random())
          .as("random of %s", line)
          .isGreaterThanOrEqualTo(line.random());
      softly
          .assertThat(played.random() > 0)
          .as("whether %s draws a random value", line)
          .isEqualTo(line.random() > 0);
    });
  }

  /** Only reads of global secondary indexes may be late, because DynamoDB has no consistent ones. */
  @Test
  void everyReadThatCanBeConsistentIs() {
    Set<String> globalIndexes = TEMPLATE.tables().stream()
        .flatMap(table -> table.indexes().stream()
            .filter(Index::global)
            .map(index -> table.name() + "/index/" + index.name()))
        .collect(toSet());
    assertThat(globalIndexes).isNotEmpty();
    for (JourneyLine line : JOURNEY.lines()) {
      assertThat(line.json().path("eventual").valueStream().map(JsonNode::asText))
          .as("late reads of %s", line)
          .isSubsetOf(globalIndexes);
    }
  }

  static List<Function> functions() {
    return TEMPLATE.functionsOfTheApi();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void theCallsOfAFunctionUseExactlyThePermissionsOfItsPolicies(Function function) {
    Set<String> used = JOURNEY.lines().stream()
        .filter(line -> RecordedEvents.function(line).name().equals(function.name()))
        .flatMap(line -> line.permissions().stream())
        .collect(toSet());
    assertThat(used)
        .as(function.name())
        .isEqualTo(function.permissions().stream().map(JourneyPlayer::inWords).collect(toSet()));
  }

  @Test
  void everyFunctionAndEveryOperationHasOneRecordedLine() {
    List<String> operations =
        OpenApiContract.read().operations().stream().map(Operation::id).toList();
    assertThat(JOURNEY.recorded().stream().map(JourneyLine::operation))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of("Authorizer"), operations.stream()).toList());
    assertThat(functions())
        .extracting(function -> function.name() + ".json")
        .containsExactlyInAnyOrderElementsOf(RecordedEvents.files().keySet());
  }

  @Test
  void noOtherLineHasTheTitleOfALine() {
    assertThat(JOURNEY.lines()).extracting(JourneyLine::call).doesNotHaveDuplicates();
  }

  /** What makes them is {@code make events}. */
  @Test
  void theRecordedEventsAreThoseOfTheJourney() throws IOException {
    Map<String, String> present = new TreeMap<>();
    try (Stream<Path> files = Files.list(RecordedEvents.FOLDER)) {
      for (Path file : files.toList()) {
        present.put(String.valueOf(file.getFileName()), Files.readString(file));
      }
    }
    assertThat(present).isEqualTo(RecordedEvents.files());
  }

  static Stream<JourneyLine> routeCalls() {
    return JOURNEY.lines().stream()
        .filter(line -> !line.isForAuthorizer())
        .filter(line -> line.status() < 300);
  }

  /** So that a test can make a call of the journey about a device of its own. */
  @ParameterizedTest
  @MethodSource("routeCalls")
  void aCallSucceedsAloneAfterTheCallsThatItNames(JourneyLine line, LocalSystem system, Aws aws)
      throws IOException {
    String name = Api.unique("D");
    RecordedEvents.callBefore(line.call(), name, system, aws);
    Function function = RecordedEvents.function(line);
    JsonNode answer =
        new LambdaFunction(function, aws, it -> {}).invoke(RecordedEvents.event(line.call(), name));
    assertThat(answer.path("statusCode").asInt()).as(answer.toString()).isBetween(200, 299);
  }
}
