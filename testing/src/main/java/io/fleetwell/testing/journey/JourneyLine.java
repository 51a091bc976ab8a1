package io.fleetwell.testing.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A line of the journey: a call, and what it must do.
 *
 * @param text the line in the file
 * @param json the same, parsed
 */
public record JourneyLine(String text, ObjectNode json) {

  static JourneyLine parse(String text) {
    try {
      return new JourneyLine(text, (ObjectNode) Api.JSON.readTree(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same line about other devices, serial numbers, users and device types. */
  JourneyLine renamed(String name) {
    return parse(text.replace("DEVICEID", name)
        .replace("SERIAL", name)
        .replace("alice", name)
        .replace("SmartDevice", name));
  }

  /** The title, which no other line has. */
  public String call() {
    return json.path("call").asText();
  }

  /** The operation, or the authorizer. */
  public String operation() {
    return json.path("operation").asText();
  }

  /** The operation whose route is called. The authorizer is called for that of another function. */
  public String route() {
    return json.path("for").asText(operation());
  }

  /** Whether the authorizer is called, and not the function of a route. */
  public boolean isForAuthorizer() {
    return !operation().equals(route());
  }

  /** Whether this is the call that shows the operation. */
  public boolean isRecorded() {
    return call().equals(operation());
  }

  /** What the authorizer says of the caller: {@code kind}, {@code id}, and {@code kid} of a self-signed token. */
  public JsonNode caller() {
    return json.path("caller");
  }

  /** The token of a call whose token is verified. */
  Optional<String> token() {
    return text("token");
  }

  /** The time that passes before the call. */
  public Duration pause() {
    return text("wait").map(Duration::parse).orElse(Duration.ZERO);
  }

  /** The calls that make what this one needs to find. */
  public List<String> after() {
    return json.path("after").valueStream().map(JsonNode::asText).toList();
  }

  Map<String, String> path() {
    return texts("path");
  }

  Map<String, String> query() {
    return texts("query");
  }

  /** The headers that only this call has, by name in lower case. */
  Map<String, String> headers() {
    return texts("headers");
  }

  Optional<String> contentType() {
    return text("contenttype");
  }

  byte[] body() {
    JsonNode body = json.path("body");
    if (body.isMissingNode()) {
      return Base64.getDecoder().decode(json.path("base64").asText(""));
    }
    String content = body.isTextual() ? body.asText() : body.toString();
    return content.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether the line says what the call must answer. */
  boolean isComplete() {
    return json.has("answer");
  }

  /** The status that the call must answer; 0 for the authorizer. */
  public int status() {
    return json.at("/answer/status").asInt();
  }

  /** The permissions that the call must use, such as {@code dynamodb:GetItem Devices}. */
  public Set<String> permissions() {
    return json.path("permissions").valueStream().map(JsonNode::asText).collect(Collectors.toSet());
  }

  /** How many random values the call draws at least; none only if it draws none. */
  public int random() {
    return json.path("random").asInt();
  }

  private Optional<String> text(String field) {
    return Optional.ofNullable(json.get(field)).map(JsonNode::asText);
  }

  private Map<String, String> texts(String field) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.path(field)
        .properties()
        .forEach(it -> texts.put(it.getKey(), it.getValue().asText()));
    return texts;
  }

  /** The title, by which tests are named. */
  @Override
  public String toString() {
    return call();
  }
}
