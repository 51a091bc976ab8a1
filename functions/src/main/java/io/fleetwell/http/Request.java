package io.fleetwell.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.auth.Actor;
import io.fleetwell.auth.Principal;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.ids.ComparedText;
import io.fleetwell.ids.DeviceIds;
import io.fleetwell.json.Json;
import io.fleetwell.json.StrictJson;
import io.fleetwell.lambda.EventHandler;
import io.fleetwell.revision.IfMatch;
import io.fleetwell.revision.IfNoneMatch;
import io.fleetwell.revision.Preconditions;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A request, read from the gateway's event (HTTP API, payload format 2.0). */
public final class Request {
  /** U+FEFF in UTF-8. RFC 8259 (8.1) allows readers of JSON to ignore it. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final JsonNode event;
  private final Principal caller;
  private final Set<String> known;
  private final QueryString query;

  /** A request with the query parameters that its route knows. */
  Request(JsonNode event, Principal caller, Set<String> known) {
    this.event = event;
    this.caller = caller;
    this.known = known;
    this.query = new QueryString(event.path("rawQueryString").asText(""));
  }

  public Principal caller() {
    return caller;
  }

  public Actor actor() {
    return new Actor(caller, id());
  }

  /** The id by which the gateway, the logs and the caller know this request. */
  public String id() {
    return EventHandler.requestId(event);
  }

  /** The route as the template writes it. */
  String route() {
    return EventHandler.route(event);
  }

  /** Throws {@code INVALID} for a query parameter that the route does not know. */
  void requireKnownParameters() {
    query.requireKnown(known);
  }

  /** Whether the query has a parameter that the route does not know, and ignores. */
  public boolean hasUnknownParameters() {
    return !query.hasOnly(known);
  }

  /** Whether the method is {@code GET} or {@code HEAD}. */
  boolean reads() {
    return route().startsWith("GET ") || route().startsWith("HEAD ");
  }

  /** All variables of the path as one text; empty if there are none. */
  String pathParameters() {
    JsonNode variables = event.path("pathParameters");
    return variables.isMissingNode() ? "" : Json.text(variables);
  }

  /** A variable of the path. The gateway has decoded it; it must not be decoded again. */
  public String pathParameter(String name) {
    return event.path("pathParameters").path(name).asText("");
  }

  /** Returns the id of the device in the path; throws {@code INVALID} when it is not an id. */
  public String deviceId() {
    return DeviceIds.check(pathParameter("deviceid"));
  }

  /**
   * Returns the id of the device in the path of a call that a device may make for itself only.
   *
   * @throws Failure {@code INVALID}; {@code NOT_FOUND} when another device calls
   */
  public String ownDeviceId() {
    String deviceId = deviceId();
    if (caller.isDevice() && !caller.isDevice(deviceId)) {
      throw Failure.notFound(
          "A device can act only for itself, and this token is not from %s.".formatted(deviceId));
    }
    return deviceId;
  }

  /**
   * A parameter of the query; empty if it is not given, or given without a value.
   *
   * @throws Failure {@code INVALID} when it is given twice or cannot be decoded
   */
  public Optional<String> parameter(String name) {
    return emptiableParameter(name).filter(value -> !value.isEmpty());
  }

  /** A parameter that means something without a value too; throws as {@link #parameter}. */
  public Optional<String> emptiableParameter(String name) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException("the handler does not declare the parameter " + name);
    }
    return query.value(name);
  }

  /**
   * A parameter that rules compare, as {@link ComparedText}; empty if it is not given, or given without a value.
   *
   * @throws Failure {@code INVALID} as {@link #parameter}, and when nothing in the value can be seen
   */
  public Optional<String> comparedParameter(String name) {
    Optional<String> compared = parameter(name).map(ComparedText::of);
    if (compared.filter(String::isEmpty).isPresent()) {
      throw Failure.invalidParameter(name, "has only white space or control characters");
    }
    return compared;
  }

  /**
   * The parameter {@code version} as {@link ComparedText}, which may be empty; otherwise as {@link #parameter}. A {@code +}
   * that is not encoded arrives as a space, which no version has, so a space is read as a plus.
   */
  public Optional<String> versionParameter() {
    return parameter("version").map(text -> ComparedText.of(text).replace(' ', '+'));
  }

  /** A parameter that is {@code true} or {@code false}; empty if it is not given. */
  public Optional<Boolean> flag(String name) {
    return parameter(name).map(value -> switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw Failure.invalidParameter(name, "must be true or false");
    });
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(event.path("headers").path(name).textValue());
  }

  /** The precondition in {@code If-Match}; without the header, one that always holds. */
  public IfMatch ifMatch() {
    return header("if-match").map(IfMatch::parse).orElse(IfMatch.NONE);
  }

  /** The preconditions in {@code If-Match} and {@code If-None-Match}. */
  public Preconditions preconditions() {
    return new Preconditions(ifMatch(), ifNoneMatch());
  }

  /** The precondition in {@code If-None-Match}; without the header, one that always holds. */
  IfNoneMatch ifNoneMatch() {
    return header("if-none-match").map(IfNoneMatch::parse).orElse(IfNoneMatch.NONE);
  }

  /**
   * The bytes of a body of text, without the byte order mark with which some libraries start it; throws as {@link #body}, and
   * {@code TOO_LARGE} when there are more than {@code limit}.
   */
  private byte[] textBody(int limit) {
    byte[] bytes = body();
    int mark = BYTE_ORDER_MARK.length;
    boolean marked =
        bytes.length >= mark && Arrays.equals(bytes, 0, mark, BYTE_ORDER_MARK, 0, mark);
    return limited(marked ? Arrays.copyOfRange(bytes, mark, bytes.length) : bytes, limit);
  }

  /**
   * Returns the bytes of the body, which may be empty.
   *
   * @throws Failure {@code INVALID} when the gateway's base64 is broken; {@code UNSUPPORTED_TYPE} when the body is compressed
   */
  public byte[] body() {
    header("content-encoding").ifPresent(Request::checkIsIdentity);
    String text = event.path("body").asText("");
    // The type says nothing: the gateway sends even application/x-www-form-urlencoded as base64.
    boolean base64 = event.path("isBase64Encoded").asBoolean(false);
    return base64 ? decodeBase64(text) : text.getBytes(StandardCharsets.UTF_8);
  }

  private static void checkIsIdentity(String contentEncoding) {
    Stream.of(contentEncoding.split(","))
        .map(String::strip)
        .filter(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("identity"))
        .findFirst()
        .ifPresent(coding -> {
          throw Failure.of(
              FailureKind.UNSUPPORTED_TYPE,
              "The Content-Encoding %s is not accepted: send the body without a Content-Encoding."
                  .formatted(coding));
        });
  }

  private static byte[] limited(byte[] bytes, int limit) {
    if (bytes.length > limit) {
      throw Failure.of(
          FailureKind.TOO_LARGE, "The body is larger than %,d bytes.".formatted(limit));
    }
    return bytes;
  }

  /** Returns the JSON object in the body; throws {@code UNSUPPORTED_TYPE}, {@code TOO_LARGE} or {@code INVALID}. */
  public ObjectNode jsonObject() {
    header("content-type").ifPresent(Request::checkIsJson);
    return StrictJson.readBody(textBody(StrictJson.MAX_BYTES));
  }

  /** Returns the JSON object in the body; empty when the body is missing or blank; throws as {@link #jsonObject}. */
  public Optional<ObjectNode> optionalJsonObject() {
    String body = new String(textBody(StrictJson.MAX_BYTES), StandardCharsets.ISO_8859_1);
    return body.isBlank() ? Optional.empty() : Optional.of(jsonObject());
  }

  /** Returns the lines of JSON in the body; throws as {@link #jsonObject}. */
  public JsonLines jsonLines() {
    header("content-type").ifPresent(JsonLines::checkType);
    return JsonLines.of(textBody(JsonLines.MAX_BYTES), id());
  }

  private static void checkIsJson(String contentType) {
    String essence = mediaType(contentType);
    if (!essence.equals("application/json") && !essence.endsWith("+json")) {
      throw Failure.of(
          FailureKind.UNSUPPORTED_TYPE,
          "Send the body as JSON, with the header Content-Type: application/json.");
    }
  }

  private static byte[] decodeBase64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw Failure.invalid("The body is not valid base64.");
    }
  }

  /** Returns the type and subtype in lower case: {@code text/plain} of {@code Text/Plain; charset=utf-8}. */
  public static String mediaType(String contentType) {
    return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }
}
