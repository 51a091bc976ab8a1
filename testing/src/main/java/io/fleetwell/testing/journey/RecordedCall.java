package io.fleetwell.testing.journey;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The call that is recorded for an operation, to be made over HTTP.
 *
 * @param target path and query
 * @param contentType empty where there is no body
 */
public record RecordedCall(String method, String target, String contentType, byte[] body) {

  /**
   * The call of a row in the table, about a device that is named here.
   *
   * @param row the operation's id; after a question mark, {@code deviceid} to name the device in the query as well
   * @param name in the place of {@code DEVICEID} and the like; the device is the first with it
   */
  public static RecordedCall of(String row, String name) {
    String[] operation = row.split("\\?", 2);
    JsonNode event = event(operation[0], name);
    String recorded = event.path("pathParameters").path("deviceid").asText(deviceId(name));
    String path = event.path("rawPath").asText().replace(recorded, deviceId(name));
    String query = event.path("rawQueryString").asText();
    if (operation.length > 1) {
      query += "&%s=%s".formatted(operation[1], deviceId(name));
    }
    return new RecordedCall(
        event.path("requestContext").path("http").path("method").asText(),
        path + (query.isEmpty() ? "" : "?" + query),
        event.path("headers").path("content-type").asText(""),
        body(event));
  }

  /** The same call of another path, without a query. */
  public RecordedCall withPath(String path) {
    return new RecordedCall(method, path, contentType, body);
  }

  /** The same call with another query. */
  public RecordedCall withQuery(String query) {
    return withPath(target.replaceFirst("\\?.*", "") + "?" + query);
  }

  /** The same call with another body. */
  public RecordedCall withBody(String otherType, byte[] other) {
    return new RecordedCall(method, target, otherType, other);
  }

  /** The id of the first device of a name. */
  public static String deviceId(String name) {
    return name + "1";
  }

  private static JsonNode event(String function, String name) {
    try {
      return Api.JSON.readTree(RecordedEvents.event(function, name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] body(JsonNode event) {
    String body = event.path("body").asText("");
    return event.path("isBase64Encoded").asBoolean()
        ? Base64.getDecoder().decode(body)
        : body.getBytes(StandardCharsets.UTF_8);
  }

  /** Makes the call over HTTP. */
  public Answer send(Caller caller) {
    Caller sender = contentType.isEmpty() ? caller : caller.with("content-type", contentType);
    return sender.send(method, target, body);
  }
}
