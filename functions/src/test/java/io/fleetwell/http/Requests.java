package io.fleetwell.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.json.Json;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

/** Requests from the gateway, with one part that a caller chooses. */
public final class Requests {
  private Requests() {}

  public static Request withBody(String contentType, byte[] body) {
    ObjectNode event = Json.object();
    event.putObject("headers").put("content-type", contentType);
    event.put("isBase64Encoded", true).put("body", Base64.getEncoder().encodeToString(body));
    return request(event);
  }

  public static Request withJson(byte[] body) {
    return withBody("application/json", body);
  }

  /** A request with a variable of the path, which the gateway has decoded. */
  public static Request withPathParameter(String name, String value) {
    ObjectNode event = Json.object();
    event.putObject("pathParameters").put(name, value);
    return request(event);
  }

  /** A request of a route that knows these parameters, with a query as it was sent, not decoded. */
  public static Request withQuery(String raw, Set<String> known) {
    return request(Json.object().put("rawQueryString", raw), known);
  }

  private static Request request(ObjectNode event) {
    return request(event, Set.of());
  }

  private static Request request(ObjectNode event, Set<String> known) {
    return new Request(event, new Principal(Kind.USER, "alice", Instant.MAX), known);
  }
}
