package io.fleetwell.testing.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.testing.Api;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What a call did.
 *
 * @param answer in the form of {@link #comparable}
 * @param stores the operations of the stores
 * @param permissions the permissions of the function's policies that it used
 * @param eventual the tables and indexes that it read without {@code ConsistentRead}
 * @param writes how many items it wrote, by table or bucket
 * @param random how many values it wrote that look random and that no earlier call wrote
 */
public record Played(
    JsonNode answer,
    String stores,
    SortedSet<String> permissions,
    SortedSet<String> eventual,
    SortedMap<String, Integer> writes,
    int random) {

  /** The fields of a line that say what a call must do, without {@code random}, of which a line has only the minimum. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("answer", answer);
    json.put("stores", stores);
    permissions.forEach(json.putArray("permissions")::add);
    if (!eventual.isEmpty()) {
      eventual.forEach(json.putArray("eventual")::add);
    }
    if (!writes.isEmpty()) {
      ObjectNode byTable = json.putObject("writes");
      for (Map.Entry<String, Integer> it : writes.entrySet()) {
        byTable.put(it.getKey(), it.getValue());
      }
    }
    return json;
  }

  /**
   * Returns an answer with {@code TIME} instead of each time. This includes the times in revisions, and the expiry of a
   * token that was just issued.
   */
  public static JsonNode comparable(JourneyLine line, JsonNode answer) {
    return answer.has("isAuthorized")
        ? comparableAuthorization(line, answer)
        : comparableResponse(answer);
  }

  private static JsonNode comparableAuthorization(JourneyLine line, JsonNode answer) {
    if (line.token().isEmpty() && answer.path("context") instanceof ObjectNode context) {
      context.put("exp", "TIME");
    }
    return answer;
  }

  private static JsonNode comparableResponse(JsonNode answer) {
    String body = answer
        .path("body")
        .asText()
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
        .replaceAll("(\"revision\":\"\\d+)-[0-9a-z]+", "$1-TIME");
    ObjectNode comparable = JsonNodeFactory.instance.objectNode();
    comparable.set("status", answer.path("statusCode"));
    String type = answer.path("headers").path("content-type").asText();
    return type.endsWith("json") && !type.endsWith("ndjson") && !body.isEmpty()
        ? comparable.set("body", json(body))
        : comparable.put("body", body);
  }

  private static JsonNode json(String text) {
    try {
      return Api.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
