package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.aws.Aws;
import io.fleetwell.local.LambdaFunction;
import io.fleetwell.local.LocalSystem;
import io.fleetwell.local.Permissions;
import io.fleetwell.local.Template.Function;
import io.fleetwell.local.Template.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls the functions of a running system without HTTP, gateway and authorizer, on its stores. */
final class FunctionTransport implements Transport, AutoCloseable {
  private static final Duration TOKEN_LIFETIME = Duration.ofDays(1);

  private final Clock clock;
  private final Map<Operation, LambdaFunction> functions = new EnumMap<>(Operation.class);
  private final List<Aws> clients = new ArrayList<>();

  FunctionTransport(LocalSystem system, Clock clock) {
    this.clock = clock;
    for (Route route : system.template().routes()) {
      for (Operation operation : Operation.values()) {
        if (operation.route().equals(route.key())) {
          functions.put(operation, function(system, route.function()));
        }
      }
    }
  }

  private LambdaFunction function(LocalSystem system, Function function) {
    Permissions permissions = new Permissions(function.name(), function.permissions());
    Aws aws = new Aws(system.environment(function), clock, List.of(permissions));
    clients.add(aws);
    return new LambdaFunction(function, aws, line -> {});
  }

  @Override
  public Answer send(Message message) {
    LambdaFunction function = functions.get(message.operation());
    if (function == null) {
      throw new IllegalStateException(message.operation().route() + " is not in the template");
    }
    try {
      byte[] event = event(message).toString().getBytes(StandardCharsets.UTF_8);
      return answer(function.invoke(event));
    } catch (IOException | RuntimeException e) {
      throw new Difference("%s failed: %s".formatted(message.operation(), e));
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
    clients.forEach(Aws::close);
  }
}
