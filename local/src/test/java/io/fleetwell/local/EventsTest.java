package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.Wiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
  private static final Path EVENTS = RunningSystem.PROJECT.resolve("events");

  /** In an order in which each finds what the one before left, with the status that it answers then. */
  private static final Map<String, Integer> STATUSES = statuses();

  private static Map<String, Integer> statuses() {
    Map<String, Integer> statuses = new LinkedHashMap<>();
    statuses.put("PutDevice", 201);
    statuses.put("RegisterDevice", 201);
    statuses.put("ClaimDevice", 201);
    statuses.put("GetDevice", 200);
    statuses.put("FindDevice", 200);
    statuses.put("ListDevices", 200);
    statuses.put("ListOwnedDevices", 200);
    statuses.put("UploadLog", 201);
    statuses.put("PublishFirmware", 201);
    statuses.put("ListFirmware", 200);
    statuses.put("CheckFirmware", 200);
    statuses.put("WithdrawFirmware", 204);
    statuses.put("PutDeviceKey", 201);
    statuses.put("ListDeviceKeys", 200);
    statuses.put("DeleteDeviceKey", 204);
    statuses.put("ImportDeviceKeys", 200);
    statuses.put("SetClaimCode", 204);
    statuses.put("ReleaseDevice", 204);
    statuses.put("TakeBackDevice", 404);
    statuses.put("ListHistory", 200);
    return statuses;
  }

  private static Template template() {
    return TemplateReader.read(
        RunningSystem.PROJECT.resolve("template.yaml"),
        Map.of("OidcIssuer", "https://issuer.example", "OidcAudience", "fleetwell"));
  }

  static Stream<Template.Route> routes() {
    return template().routes().stream();
  }

  private static byte[] event(String function) throws IOException {
    return Files.readAllBytes(EVENTS.resolve(function + ".json"));
  }

  @Test
  void everyFunctionHasAnEventAndEveryEventAFunction() throws IOException {
    Stream<String> functions = Stream.concat(
        template().routes().stream().map(route -> route.function().name()),
        Stream.of("Authorizer"));
    assertThat(STATUSES.keySet())
        .containsExactlyInAnyOrderElementsOf(
            routes().map(it -> it.function().name()).toList());
    try (Stream<Path> files = Files.list(EVENTS)) {
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

  @Test
  void theFunctionsAnswerTheirEvents(Wiring wiring) throws IOException {
    Map<String, Integer> answered = new LinkedHashMap<>();
    for (String name : STATUSES.keySet()) {
      Template.Route route =
          routes().filter(it -> it.function().name().equals(name)).findFirst().orElseThrow();
      JsonNode answer =
          new LambdaFunction(route.function(), wiring, line -> {}).invoke(event(name));
      answered.put(name, answer.path("statusCode").asInt());
    }
    assertThat(answered).isEqualTo(STATUSES);
  }

  @Test
  void theAuthorizerRefusesATokenThatNobodySigned(Wiring wiring) throws IOException {
    JsonNode answer = new LambdaFunction(template().authorizer().function(), wiring, line -> {})
        .invoke(event("Authorizer"));
    assertThat(answer).isEqualTo(Api.json("{'isAuthorized': false}"));
  }

  /** As each does before a snapshot is taken of it. */
  @ParameterizedTest
  @MethodSource("routes")
  void theEventCanBeRehearsedWithoutAnyStore(Template.Route route, LocalSystem system)
      throws IOException {
    try (Wiring offline = Wiring.offline(withoutStores(system), Clock.systemUTC())) {
      JsonNode answer = new LambdaFunction(route.function(), offline, line -> {})
          .invoke(event(route.function().name()));
      assertThat(answer.path("statusCode").asInt()).isLessThan(500);
    }
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
    try (Wiring wiring = new Wiring(withoutStores(system), Clock.systemUTC())) {
      JsonNode answer = new LambdaFunction(route.function(), wiring, line -> {})
          .invoke(event(route.function().name()));
      assertThat(answer.path("statusCode").asInt()).isEqualTo(503);
      assertThat(answer.path("headers").path("retry-after").asText()).isEqualTo("1");
      assertThat(answer.path("body").asText())
          .contains("urn:fleetwell:problem:unavailable")
          .doesNotContainIgnoringCase(
              List.of("exception", "127.0.0.1", "amazon", "dynamo").toArray(String[]::new));
    }
  }
}
