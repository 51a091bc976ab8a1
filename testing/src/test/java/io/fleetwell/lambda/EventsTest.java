package io.fleetwell.lambda;

import static io.fleetwell.testing.journey.RecordedEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function gets its recorded event where a store or a variable is missing. */
@ExtendWith(RunningSystem.class)
class EventsTest {
  private static final Template TEMPLATE = RunningSystem.template();

  static Stream<Function> functions() {
    return TEMPLATE.routes().stream().map(Template.Route::function).distinct();
  }

  private static Map<String, String> withoutStores(LocalSystem system) {
    Map<String, String> environment = new HashMap<>(system.environment());
    environment.put(Aws.DYNAMODB_ENDPOINT, "http://127.0.0.1:1");
    environment.put(Aws.S3_ENDPOINT, "http://127.0.0.1:1");
    return environment;
  }

  @ParameterizedTest
  @MethodSource("functions")
  void anOutageOfTheStoresIsAnOutage(Function function, LocalSystem system) throws IOException {
    try (Aws aws = new Aws(withoutStores(system), Clock.systemUTC())) {
      JsonNode answer =
          new LambdaFunction(function, aws, line -> {}).invoke(event(function.name()));
      assertThat(answer.path("statusCode").asInt()).isEqualTo(503);
      // CheckAnswersHttpTest has the wait after a check.
      assertThat(answer.path("headers").path("retry-after").asInt())
          .isBetween(1, function.name().equals("CheckFirmware") ? 300 : 1);
      assertThat(answer.path("body").asText())
          .contains("urn:fleetwell:problem:unavailable")
          .doesNotContainIgnoringCase(
              List.of("exception", "127.0.0.1", "amazon", "dynamo").toArray(String[]::new));
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aVariableIsMissedWhenTheFunctionIsMadeOrNever(Function inTemplate, LocalSystem system)
      throws IOException {
    // Tables have other names in stores that systems share.
    Function function = system.template().function(inTemplate.name());
    Map<String, String> environment = system.environment(function);
    for (String variable : function.environment().keySet()) {
      Map<String, String> without = new HashMap<>(environment);
      without.remove(variable);
      try (Aws aws = new Aws(without, Clock.systemUTC())) {
        LambdaFunction lambda = new LambdaFunction(function, aws, line -> {});
        if (isMade(lambda)) {
          JsonNode answer = lambda.invoke(event(function.name(), Api.unique("D")));
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
