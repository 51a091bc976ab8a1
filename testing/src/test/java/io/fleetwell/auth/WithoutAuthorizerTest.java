package io.fleetwell.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.ids.Words;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.access.AccessTable;
import io.fleetwell.testing.journey.RecordedEvents;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Functions that are called without the gateway. Before they call a store, they refuse callers without the authorizer's
 * context, and callers of the wrong kind.
 */
@ExtendWith(RunningSystem.class)
class WithoutAuthorizerTest {
  private static final AccessTable TABLE = AccessTable.read();

  private final LocalSystem system;
  private final CountedCalls calls = new CountedCalls();
  private final Aws aws;
  private final String name = Api.unique("D");

  WithoutAuthorizerTest(LocalSystem system) {
    this.system = system;
    this.aws = new Aws(system.environment(), Clock.systemUTC(), List.of(calls));
  }

  @AfterEach
  void close() {
    aws.close();
  }

  /** Counts the calls to AWS. */
  private static final class CountedCalls implements ExecutionInterceptor {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void beforeExecution(
        Context.BeforeExecution context, ExecutionAttributes executionAttributes) {
      count.incrementAndGet();
    }
  }

  static Stream<String> functions() {
    return RunningSystem.template().routes().stream()
        .map(route -> route.function().name())
        .distinct();
  }

  private ObjectNode event(String function) throws IOException {
    return (ObjectNode) Api.JSON.readTree(RecordedEvents.event(function, name));
  }

  private ObjectNode caller(ObjectNode event) {
    return event.withObject("/requestContext/authorizer/lambda");
  }

  private JsonNode answer(String function, JsonNode event) throws IOException {
    LambdaFunction direct =
        new LambdaFunction(system.template().function(function), aws, line -> {});
    return direct.invoke(Api.JSON.writeValueAsBytes(event));
  }

  private void assertRefused(JsonNode answer, int status, String problem) throws IOException {
    assertThat(answer.path("statusCode").asInt()).isEqualTo(status);
    assertThat(Api.JSON.readTree(answer.path("body").asText()).path("type").asText())
        .isEqualTo("urn:fleetwell:problem:" + problem);
    assertThat(calls.count).hasValue(0);
  }

  /** Proves that the other tests are refused for their context only. */
  @ParameterizedTest
  @MethodSource("functions")
  void anAuthorizedCallerReachesTheStores(String function) throws IOException {
    JsonNode answer = answer(function, event(function));
    assertThat(answer.path("statusCode").asInt()).isNotIn(401, 403, 500);
    assertThat(calls.count).hasPositiveValue();
  }

  // No context

  /** Replacements for the context of the authorizer. */
  private static final List<String> WRONG_CONTEXTS = List.of(
      "null",
      "{}",
      "[]",
      "''",
      "{'lambda': null}",
      "{'lambda': {}}",
      "{'lambda': []}",
      "{'lambda': 'operator'}",
      "{'kind': 'operator', 'id': 'olga', 'exp': 4102444800}",
      "{'principalId': 'olga', 'kind': 'operator', 'id': 'olga', 'exp': 4102444800}",
      "{'jwt': {'claims': {'sub': 'olga', 'scope': 'fleet/operator'}, 'scopes': ['fleet/operator']}}",
      "{'iam': {'accessKey': 'AKIA', 'userArn': 'arn:aws:iam::123456789012:user/olga', 'userId': 'olga'}}",
      "{'lambda': {'claims': {'kind': 'operator', 'id': 'olga', 'exp': 4102444800}}}");

  @ParameterizedTest
  @MethodSource("functions")
  void anEventWithoutTheAuthorizersContextIsRefused(String function) throws IOException {
    for (String authorizer : WRONG_CONTEXTS) {
      ObjectNode event = event(function);
      event.withObject("/requestContext").set("authorizer", Api.json(authorizer));
      assertRefused(answer(function, event), 401, "unauthenticated");
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void anEventWithoutAnyContextIsRefused(String function) throws IOException {
    ObjectNode event = event(function);
    event.withObject("/requestContext").remove("authorizer");
    assertRefused(answer(function, event), 401, "unauthenticated");
    event.remove("requestContext");
    assertRefused(answer(function, event), 401, "unauthenticated");
  }

  /** Only the authorizer reads the header. */
  @ParameterizedTest
  @MethodSource("functions")
  void aValidTokenInTheHeaderDoesNotReplaceTheContext(String function) throws IOException {
    Map<String, String> tokens = Map.of(
        "user", system.userToken("alice"),
        "device", system.deviceToken(name + "1"),
        "operator", system.operatorToken("olga"));
    ObjectNode event = event(function);
    String kind = caller(event).path("kind").asText();
    event
        .withObject("/headers")
        .put("authorization", "Bearer " + tokens.get(kind))
        .put("x-fleetwell-kind", kind);
    event.withObject("/requestContext").remove("authorizer");
    assertRefused(answer(function, event), 401, "unauthenticated");
  }

  // Incomplete context

  private static final List<String> INVALID_FIELDS = List.of(
      "{'kind': null}",
      "{'kind': 'admin'}",
      "{'kind': 'OPERATOR'}",
      "{'kind': ['operator', 'user', 'device']}",
      "{'id': null}",
      "{'id': ''}",
      "{'id': 5}",
      "{'id': ['alice']}",
      "{'exp': null}",
      "{'exp': true}",
      "{'exp': 'never'}",
      "{'exp': 4102444800.5}");

  @ParameterizedTest
  @MethodSource("functions")
  void aContextWithAnInvalidFieldIsRefused(String function) throws IOException {
    for (String part : INVALID_FIELDS) {
      ObjectNode event = event(function);
      caller(event).setAll((ObjectNode) Api.json(part));
      assertRefused(answer(function, event), 401, "unauthenticated");
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aContextThatLacksAFieldIsRefused(String function) throws IOException {
    for (String part : List.of("kind", "id", "exp")) {
      ObjectNode event = event(function);
      caller(event).remove(part);
      assertRefused(answer(function, event), 401, "unauthenticated");
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void anExpiredContextIsRefused(String function) throws IOException {
    ObjectNode event = event(function);
    caller(event).put("exp", Clock.systemUTC().instant().getEpochSecond());
    assertRefused(answer(function, event), 401, "token-expired");
  }

  // Another kind of caller

  @ParameterizedTest
  @MethodSource("functions")
  void aCallerOfAnotherKindIsRefused(String function) throws IOException {
    for (Kind kind : Kind.values()) {
      if (!TABLE.isFor(kind, function)) {
        ObjectNode event = event(function);
        caller(event).put("kind", Words.of(kind)).put("id", name + "1");
        assertRefused(answer(function, event), 403, "forbidden");
      }
    }
  }
}
