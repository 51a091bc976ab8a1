package io.fleetwell.bench.calls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.RunningSystem;
import java.io.IOException;
import java.nio.file.Path;

/** An event of the gateway, made of a recorded one. */
public final class Event {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path RECORDED = RunningSystem.PROJECT.resolve("events");

  private final ObjectNode event;

  private Event(ObjectNode event) {
    this.event = event;
  }

  /** As it is recorded for a function. */
  public static Event of(String function) throws IOException {
    return new Event(
        (ObjectNode) JSON.readTree(RECORDED.resolve(function + ".json").toFile()));
  }

  /** From a caller of a kind. */
  public Event from(String kind, String id) {
    ((ObjectNode) event.at("/requestContext/authorizer/lambda"))
        .put("kind", kind)
        .put("id", id);
    return this;
  }

  public Event query(String query) {
    event.put("rawQueryString", query);
    event.remove("queryStringParameters");
    return this;
  }

  /** For a device that the path names. */
  public Event device(String id) {
    String path = event.path("rawPath").textValue();
    event.put("rawPath", path.substring(0, path.lastIndexOf('/') + 1) + id);
    event.putObject("pathParameters").put("deviceid", id);
    return this;
  }

  /** For a key of a device, both of which the path names. */
  public Event key(String deviceId, String keyId) {
    event.put("rawPath", "/v1/devices/%s/keys/%s".formatted(deviceId, keyId));
    event.putObject("pathParameters").put("deviceid", deviceId).put("kid", keyId);
    return this;
  }

  public Event body(String body) {
    event.put("body", body).put("isBase64Encoded", false);
    return this;
  }

  public static JsonNode parse(String json) throws IOException {
    return JSON.readTree(json);
  }

  /** Whom the authorizer is asked about. */
  public Event token(String token) {
    event.putArray("identitySource").add("Bearer " + token);
    ((ObjectNode) event.path("headers")).put("authorization", "Bearer " + token);
    return this;
  }

  public byte[] bytes() throws IOException {
    return JSON.writeValueAsBytes(event);
  }
}
