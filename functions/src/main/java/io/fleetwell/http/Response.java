package io.fleetwell.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.json.JsonText;
import io.fleetwell.telemetry.Count;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer.
 *
 * @param headers by name in lower case
 * @param body JSON text, empty for none; it has to be quoted to go into the gateway's form, which this remembers
 * @param counts what operators count of it
 */
public record Response(
    int status, Map<String, String> headers, SerializableString body, List<Count> counts) {
  /** RFC 9110, 5.6.7. The JDK's own RFC 1123 format drops the zero of the first nine days of a month. */
  private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
          "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  public Response {
    headers = Map.copyOf(headers);
    counts = List.copyOf(counts);
  }

  Response(int status, Map<String, String> headers, String body) {
    this(status, headers, new SerializedString(body), List.of());
  }

  public static Response ok(String body) {
    return ok(new SerializedString(body));
  }

  /** With a text that is answered more often than once. */
  public static Response ok(SerializableString body) {
    return json(200, body);
  }

  public static Response ok(JsonNode body) {
    return ok(JsonText.of(body));
  }

  public static Response created(JsonNode body) {
    return json(201, new SerializedString(JsonText.of(body)));
  }

  public static Response noContent() {
    return new Response(204, Map.of("cache-control", "no-store"), "");
  }

  // What is answered is somebody's own, so nothing on the way may keep it.
  private static Response json(int status, SerializableString body) {
    return new Response(
        status,
        Map.of("content-type", "application/json", "cache-control", "no-store"),
        body,
        List.of());
  }

  public Response with(String header, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(header, value);
    return new Response(status, more, body, counts);
  }

  /** The same, and operators count it. */
  public Response counting(Count... more) {
    return new Response(status, headers, body, List.of(more));
  }

  /** States which revision of the record this is, and since when it is so. */
  public Response withRevision(String revision, Instant lastModified) {
    return with("etag", "\"" + revision + "\"")
        .with("last-modified", HTTP_DATE.format(lastModified));
  }

  /** Writes the answer in the gateway's form. */
  void writeTo(OutputStream out) throws IOException {
    try (JsonGenerator json = JsonText.generator(out)) {
      json.writeStartObject();
      json.writeNumberField("statusCode", status);
      json.writeObjectFieldStart("headers");
      for (Map.Entry<String, String> header : headers.entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      json.writeEndObject();
      json.writeFieldName("body");
      json.writeString(body);
      json.writeBooleanField("isBase64Encoded", false);
      json.writeEndObject();
    }
  }
}
