package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Permissions;
import io.fleetwell.local.Template;
import io.fleetwell.local.Template.Route;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.model.Difference.Rule;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Calls the functions of a running system in this thread, without HTTP, gateway and authorizer. */
final class FunctionTransport implements Transport, AutoCloseable {
  private static final Duration TOKEN_LIFETIME = Duration.ofDays(1);

  private final Clock clock;
  private final Map<Operation, LambdaFunction> functions = new EnumMap<>(Operation.class);
  private final List<Aws> surroundings = new ArrayList<>();

  private FunctionTransport(
      LocalSystem system, Clock clock, Function<Template.Function, Aws> surroundingsOf) {
    this.clock = clock;
    for (Route route : system.template().routes()) {
      for (Operation operation : Operation.values()) {
        if (operation.route().equals(route.key())) {
          functions.put(operation, function(route.function(), surroundingsOf));
        }
      }
    }
  }

  /** Functions on the stores of the system, with the permissions that the template gives them. */
  static FunctionTransport onStoresOf(LocalSystem system, Clock clock) {
    return new FunctionTransport(system, clock, function -> {
      Permissions permissions = new Permissions(function.name(), function.permissions());
      return new Aws(system.environment(function), clock, List.of(permissions));
    });
  }

  /** Functions on another DynamoDB with the tables of the system. */
  static FunctionTransport on(DynamoDbClient dynamoDb, LocalSystem system, Clock clock) {
    return new FunctionTransport(
        system, clock, function -> new Aws(system.environment(function), clock, dynamoDb));
  }

  private LambdaFunction function(
      Template.Function function, Function<Template.Function, Aws> surroundingsOf) {
    Aws aws = surroundingsOf.apply(function);
    surroundings.add(aws);
    return new LambdaFunction(function, aws, line -> {});
  }

  @Override
  public Answer send(Message message) {
    LambdaFunction function = functions.get(message.operation());
    if (function == null) {
      throw new IllegalStateException(message.operation().route() + " is not in the template");
    }
    try {
      return answer(function.invokeHere(Api.JSON.writeValueAsBytes(event(message))));
    } catch (IOException | RuntimeException e) {
      throw new Difference(
          Rule.KEEPS_THE_CONTRACT, "%s failed: %s".formatted(message.operation(), e));
    }
  }

  private static Answer answer(JsonNode ofFunction) {
    Map<String, String> headers = new LinkedHashMap<>();
    ofFunction
        .path("headers")
        .properties()
        .forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
    return new Answer(
        ofFunction.path("statusCode").asInt(), headers, ofFunction.path("body").asText(""));
  }

  /** The parts of the gateway's event that functions read. */
  private ObjectNode event(Message message) {
    Operation operation = message.operation();
    ObjectNode event = JsonNodeFactory.instance
        .objectNode()
        .put("version", "2.0")
        .put("routeKey", operation.route())
        .put("rawPath", message.path())
        .put("rawQueryString", message.query())
        .put("isBase64Encoded", false);
    ObjectNode headers = event.putObject("headers");
    if (!message.contentType().isEmpty()) {
      headers.put("content-type", message.contentType());
      event.put("body", message.body());
    }
    if (!message.deviceId().isEmpty()) {
      event.putObject("pathParameters").put("deviceid", message.deviceId());
    }
    Party by = message.by();
    ObjectNode context = event.putObject("requestContext").put("requestId", "in-process");
    context
        .putObject("authorizer")
        .set(
            "lambda",
            new Principal(by.kind(), by.name(), clock.instant().plus(TOKEN_LIFETIME)).toContext());
    context.putObject("http").put("method", operation.method()).put("path", message.path());
    return event;
  }

  @Override
  public void close() {
    surroundings.forEach(Aws::close);
  }
}
