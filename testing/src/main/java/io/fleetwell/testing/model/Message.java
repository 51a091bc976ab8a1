package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.DeviceSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A call as the API gets it, with the names of the system.
 *
 * @param deviceId empty if the path names no device
 * @param query as it is sent; empty for none
 * @param contentType empty if there is no body
 * @param body empty for none
 */
record Message(
    Party by, Operation operation, String deviceId, String query, String contentType, String body) {

  /** The public keys that the factory registers, by their ids. */
  private static final Map<String, ObjectNode> KEYS =
      RandomCalls.KEYS.stream().collect(Collectors.toMap(Function.identity(), Message::newKey));

  private static ObjectNode newKey(String kid) {
    try {
      return (ObjectNode) Api.JSON.readTree(new DeviceSigner("any", kid).jwk());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Message of(Call call, Names names) {
    Party by = call.by();
    Party caller = by.isOperator() ? by : new Party(by.kind(), names.inSystem(by.name()));
    String id = names.inSystem(call.device());
    boolean isInPath = call.operation().path().contains("{deviceid}");
    return new Message(
        caller,
        call.operation(),
        isInPath ? id : "",
        query(call, id),
        contentType(call),
        body(call, id));
  }

  private static String query(Call call, String id) {
    return switch (call.operation()) {
      case CHECK -> call.by().equals(Party.device(call.device())) ? "" : "deviceid=" + id;
      case FIND -> "serial=" + encoded(call.body().path(Call.SERIAL).asText());
      default -> "";
    };
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String contentType(Call call) {
    if (!hasBody(call)) {
      return "";
    }
    return call.operation() == Operation.ENROL ? "application/x-ndjson" : "application/json";
  }

  private static boolean hasBody(Call call) {
    return switch (call.operation()) {
      case REGISTER, PUT_DEVICE, SET_CLAIM_CODE, ENROL -> true;
      case CLAIM -> !call.body().isEmpty();
      default -> false;
    };
  }

  private static String body(Call call, String id) {
    if (!hasBody(call)) {
      return "";
    }
    ObjectNode body = call.body().deepCopy();
    if (body.has("deviceid") || call.operation() == Operation.ENROL) {
      body.put("deviceid", id);
    }
    if (body.has(Call.KEY)) {
      body.set(Call.KEY, KEYS.get(body.path(Call.KEY).asText()));
    }
    return body + "\n";
  }

  /** The path, which needs no encoding. */
  String path() {
    return operation.path().replace("{deviceid}", deviceId);
  }

  String pathAndQuery() {
    return query.isEmpty() ? path() : path() + "?" + query;
  }
}
