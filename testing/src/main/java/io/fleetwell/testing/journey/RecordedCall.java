package io.fleetwell.testing.journey;

import io.fleetwell.local.Template.Route;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import java.util.List;

/**
 * The call that is recorded for an operation, to be made over HTTP.
 *
 * @param target path and query
 * @param contentType empty where there is no body
 */
public record RecordedCall(String method, String target, String contentType, byte[] body) {

  /**
   * The call of a row in the table of access, about the first device of a name.
   *
   * @param row the operation's id; after a question mark, {@code deviceid} to name the device in the query as well
   * @param name replaces {@code DEVICEID}, {@code SERIAL}, {@code alice} and {@code SmartDevice}, so calls with different
   *     names share no item
   */
  public static RecordedCall of(String row, String name) {
    String[] operation = row.split("\\?", 2);
    JourneyLine line = Journey.read().line(operation[0]).renamed(name);
    Route route = RecordedEvents.route(line);
    String query = GatewayEvent.queryOf(line);
    if (operation.length > 1) {
      query += "&%s=%s".formatted(operation[1], deviceId(name));
    }
    return new RecordedCall(
        route.method(),
        GatewayEvent.pathOf(line, route) + (query.isEmpty() ? "" : "?" + query),
        line.contentType().orElse(""),
        line.body());
  }

  /** The same call of another path and query. */
  public RecordedCall withPath(String path) {
    return new RecordedCall(method, path, contentType, body);
  }

  /** The same call with another query. */
  public RecordedCall withQuery(String query) {
    return withPath(target.replaceFirst("\\?.*", "") + "?" + query);
  }

  /** The same call with more parameters after its query. */
  public RecordedCall withAdditionalQuery(String query) {
    return withPath(target + (target.contains("?") ? "&" : "?") + query);
  }

  /** The same call with another body. */
  public RecordedCall withBody(String otherType, byte[] other) {
    return new RecordedCall(method, target, otherType, other);
  }

  /** The operations that an operator calls before an operation, to make what it needs besides a device. */
  public static List<String> preparedByOperator(String row) {
    Journey journey = Journey.read();
    return journey.line(row.replaceFirst("\\?.*", "")).after().stream()
        .filter(it -> journey.line(it).caller().path("kind").asText().equals("operator"))
        .toList();
  }

  /** The id of the first device of a name. */
  public static String deviceId(String name) {
    return name + "1";
  }

  /** Makes the call over HTTP. */
  public Answer send(Caller caller) {
    Caller sender = contentType.isEmpty() ? caller : caller.with("content-type", contentType);
    return sender.send(method, target, body);
  }
}
