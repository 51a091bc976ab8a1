package io.fleetwell.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.json.Json;
import io.fleetwell.telemetry.Metric;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A response.
 *
 * @param headers by name in lower case
 * @param body text; empty for none
 * @param metrics to count
 * @param problem the name of the problem that it reports; empty for a success
 */
public record Response(
    int status,
    Map<String, String> headers,
    String body,
    List<Metric> metrics,
    Optional<String> problem) {
  /** RFC 9110, 5.6.7. The JDK's own RFC 1123 format drops the zero of the first nine days of a month. */
  private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
          "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  /** RFC 9110, 15.4.5. The last says when to ask again, which is no metadata of the record. */
  private static final Set<String> HEADERS_OF_NOT_MODIFIED =
      Set.of("cache-control", "content-location", "date", "etag", "expires", "vary", "retry-after");

  public Response {
    headers = Map.copyOf(headers);
    metrics = List.copyOf(metrics);
  }

  /** Each answer is for its caller alone, so no cache may keep it. */
  private Response(int status, String body, Optional<String> problem) {
    this(status, Map.of("cache-control", "no-store"), body, List.of(), problem);
  }

  public static Response ok(JsonNode body) {
    return text(200, "application/json", Json.text(body));
  }

  public static Response created(JsonNode body) {
    return text(201, "application/json", Json.text(body));
  }

  public static Response noContent() {
    return new Response(204, "", Optional.empty());
  }

  static Response text(int status, String contentType, String body) {
    return new Response(status, body, Optional.empty()).with("content-type", contentType);
  }

  static Response problem(int status, String name, JsonNode body) {
    return new Response(status, Json.text(body), Optional.of(name))
        .with("content-type", "application/problem+json");
  }

  /** The response that reports a failure, for handlers that count it. */
  public static Response of(Failure failure, Request request) {
    return Problem.response(failure, request.id());
  }

  public Response with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Response(status, more, body, metrics, problem);
  }

  public Response counting(Metric... more) {
    return new Response(
        status, headers, body, Stream.concat(metrics.stream(), Stream.of(more)).toList(), problem);
  }

  public Response withRevision(String revision, Instant lastModified) {
    return with("etag", "\"" + revision + "\"")
        .with("last-modified", HTTP_DATE.format(lastModified));
  }

  /** The revision of what the body shows; empty if it has none. */
  Optional<String> revision() {
    return Optional.ofNullable(headers.get("etag")).map(tag -> tag.substring(1, tag.length() - 1));
  }

  /** The answer to a caller who has this response already. */
  Response notModified() {
    Map<String, String> kept = new TreeMap<>(headers);
    kept.keySet().retainAll(HEADERS_OF_NOT_MODIFIED);
    return new Response(304, kept, "", metrics, problem);
  }

  /** The response to {@code HEAD} in place of the one to {@code GET}: the same headers, and no body. */
  Response toHead() {
    if (body.isEmpty()) {
      return this;
    }
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    Response measured = with("content-length", String.valueOf(length));
    return new Response(status, measured.headers, "", metrics, problem);
  }

  /** The response in the form that the gateway takes. */
  ObjectNode toGateway() {
    ObjectNode json = Json.object().put("statusCode", status);
    headers.forEach(json.putObject("headers")::put);
    return json.put("body", body).put("isBase64Encoded", false);
  }
}
