package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.local.LambdaProcess.Launch;
import io.fleetwell.local.Template.Function;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningSystem.class)
class PackagedFunctionsIT {
  @Test
  void aFunctionAnswersItsEvent(LocalSystem system) throws Exception {
    Function function = system.template().routes().stream()
        .map(Template.Route::function)
        .filter(it -> it.name().equals("PutDevice"))
        .findFirst()
        .orElseThrow();
    try (LambdaProcess process = LambdaProcess.start(
        new Launch(Packages.of(function.name()), function, system.environment(function), true))) {
      process.restore();
      JsonNode answer = process.invoke(
          Files.readAllBytes(RunningSystem.PROJECT.resolve("events/PutDevice.json")));
      assertThat(answer.path("statusCode").asInt()).isEqualTo(201);
    }
  }
}
