package io.fleetwell.lambda;

import static io.fleetwell.testing.journey.RecordedEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.ClockedSystem;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.journey.RecordedEvents;
import io.fleetwell.testing.journey.RecordedEvents.Expected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function is fed the event that is recorded for it. */
@ExtendWith(RunningSystem.class)
class EventsTest {
  private static final Template TEMPLATE = RunningSystem.template();

  static Stream<Template.Route> routes() {
    return TEMPLATE.routes().stream();
  }

  @Test
  void everyFunctionHasAnEventAndEveryEventAFunction() throws IOException {
    Stream<String> functions = TEMPLATE.functions().stream().map(Template.Function::name);
    assertThat(RecordedEvents.expected())
        .extracting(Expected::function)
        .containsExactlyInAnyOrderElementsOf(
            routes().map(it -> it.function().name()).toList());
    try (Stream<Path> files = Files.list(RecordedEvents.FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              functions.map(name -> name + ".json").toList());
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void theEventIsOneOfItsRoute(Template.Route route) throws IOException {
    JsonNode event = Api.JSON.readTree(event(route.function().name()));
    assertThat(event.path("routeKey").asText()).isEqualTo(route.key());
  }

  /** On a system of their own, since some answers tell all that there is. */
  @Test
  void theFunctionsAnswerTheirEvents() throws Exception {
    try (ClockedSystem system = new ClockedSystem(Map.of());
        Aws aws = system.aws()) {
      for (Expected expected : RecordedEvents.expected()) {
        String name = expected.function();
        JsonNode answer =
            new LambdaFunction(TEMPLATE.function(name), aws, line -> {}).invoke(event(name));
        assertThat(RecordedEvents.comparable(answer)).as(name).isEqualTo(expected.answer());
        system.clock().pass(Duration.ofSeconds(1));
      }
    }
  }

  @Test
  void theAuthorizerRefusesATokenThatNobodySigned(Aws aws) throws IOException {
    JsonNode answer = new LambdaFunction(TEMPLATE.authorizer().function(), aws, line -> {})
        .invoke(event("Authorizer"));
    assertThat(answer).isEqualTo(RecordedEvents.AUTHORIZER_ANSWER);
  }

  private static Map<String, String> withoutStores(LocalSystem system) {
    Map<String, String> environment = new HashMap<>(system.environment());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1");
    environment.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1");
    return environment;
  }

  @ParameterizedTest
  @MethodSource("routes")
  void anOutageOfTheStoresIsAnOutage(Template.Route route, LocalSystem system) throws IOException {
    try (Aws aws = new Aws(withoutStores(system), Clock.systemUTC())) {
      JsonNode answer = new LambdaFunction(route.function(), aws, line -> {})
          .invoke(event(route.function().name()));
      assertThat(answer.path("statusCode").asInt()).isEqualTo(503);
      assertThat(answer.path("headers").path("retry-after").asText()).isEqualTo("1");
      assertThat(answer.path("body").asText())
          .contains("urn:fleetwell:problem:unavailable")
          .doesNotContainIgnoringCase(
              List.of("exception", "127.0.0.1", "amazon", "dynamo").toArray(String[]::new));
    }
  }

  @ParameterizedTest
  @MethodSource("routes")
  void aVariableIsMissedWhenTheFunctionIsMadeOrNever(Template.Route route, LocalSystem system)
      throws IOException {
    Map<String, String> environment = system.environment(route.function());
    for (String variable : route.function().environment().keySet()) {
      Map<String, String> without = new HashMap<>(environment);
      without.remove(variable);
      try (Aws aws = new Aws(without, Clock.systemUTC())) {
        LambdaFunction function = new LambdaFunction(route.function(), aws, line -> {});
        if (isMade(function)) {
          JsonNode answer = function.invoke(event(route.function().name(), Api.unique("D")));
          assertThat(answer.path("statusCode").asInt()).as(variable).isLessThan(500);
        }
      }
    }
  }

  private static boolean isMade(LambdaFunction function) {
    try {
      function.handler();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }
}
