package io.fleetwell.snapstart;

import static io.fleetwell.testing.journey.RecordedEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.authorizer.AuthorizerHandler;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Template;
import io.fleetwell.local.Template.Function;
import io.fleetwell.snapstart.Priming.Primed;
import io.fleetwell.testing.RunningSystem;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every function can answer its recorded event on the stores that priming gives it. */
@ExtendWith(RunningSystem.class)
class LoopbackEventsTest {
  static Stream<Function> functions() {
    return RunningSystem.template().routes().stream()
        .map(Template.Route::function)
        .distinct();
  }

  /** Otherwise priming would verify no signature, and the first call would load and compile that. */
  @Test
  void theAuthorizerAcceptsItsRecordedToken(LocalSystem system) throws IOException {
    try (Aws aws = new Aws(system.environment(), Clock.systemUTC())) {
      AtomicReference<String> last = new AtomicReference<>();
      new Priming("Authorizer", aws, others -> recording(others, last)).rehearse();
      assertThat(last.get()).contains("\"isAuthorized\":true");
    }
  }

  private static Primed recording(Aws others, AtomicReference<String> last) {
    AuthorizerHandler authorizer = new AuthorizerHandler(others);
    return (event, answer, logger) -> {
      authorizer.handle(event, answer, logger);
      last.set(answer.toString());
    };
  }

  @ParameterizedTest
  @MethodSource("functions")
  void noEventFailsOnTheStoresOfPriming(Function function, LocalSystem system) throws IOException {
    try (LoopbackStore store = LoopbackStore.start(function.name())) {
      Map<String, String> environment = new HashMap<>(system.environment());
      environment.put(Aws.DYNAMODB_ENDPOINT, store.uri().toString());
      environment.put(Aws.S3_ENDPOINT, store.uri().toString());
      try (Aws aws = new Aws(environment, Clock.systemUTC())) {
        JsonNode answer =
            new LambdaFunction(function, aws, line -> {}).invoke(event(function.name()));
        assertThat(answer.path("statusCode").asInt()).isBetween(200, 499);
      }
    }
  }
}
