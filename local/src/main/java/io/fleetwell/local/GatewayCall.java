package io.fleetwell.local;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * A call of the API.
 *
 * @param rawPath not decoded
 * @param rawQuery not decoded, without the question mark; empty if there is none
 * @param headers by name in lower case, repeated ones joined with a comma
 */
record GatewayCall(
    String requestId,
    Instant at,
    String method,
    String rawPath,
    String rawQuery,
    Map<String, String> headers,
    List<String> cookies,
    byte[] body,
    String sourceIp) {

  /** Beside {@code text/*}, the only types whose bodies reach a function as text. */
  private static final Set<String> TEXT_TYPES =
      Set.of("application/json", "application/xml", "application/javascript");

  static GatewayCall of(Request request, String requestId, Instant at, byte[] body) {
    Map<String, String> headers = new TreeMap<>();
    List<String> cookies = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      String value = Optional.ofNullable(field.getValue()).orElse("");
      if (field.getHeader() == HttpHeader.COOKIE) {
        cookies.addAll(List.of(value.split("; *")));
      } else {
        headers.merge(
            field.getName().toLowerCase(Locale.ROOT), value, (first, next) -> first + "," + next);
      }
    }
    headers.put("x-forwarded-for", Request.getRemoteAddr(request));
    headers.put("x-forwarded-port", String.valueOf(Request.getServerPort(request)));
    headers.put("x-forwarded-proto", "http");
    return new GatewayCall(
        requestId,
        at,
        request.getMethod(),
        Servers.pathOf(request),
        Optional.ofNullable(request.getHttpURI().getQuery()).orElse(""),
        headers,
        cookies,
        body,
        Request.getRemoteAddr(request));
  }

  boolean isOptions() {
    return method.equals("OPTIONS");
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  String path() {
    return Routes.decode(rawPath);
  }

  /** Decoded, and repeated ones joined with a comma, as the gateway does. Where a value ends is lost. */
  Map<String, String> queryParameters() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : rawQuery.isEmpty() ? new String[0] : rawQuery.split("&")) {
      String[] nameAndValue = pair.split("=", 2);
      values
          .computeIfAbsent(decodeParameter(nameAndValue[0]), name -> new ArrayList<>())
          .add(nameAndValue.length > 1 ? decodeParameter(nameAndValue[1]) : "");
    }
    Map<String, String> joined = new TreeMap<>();
    values.forEach((name, list) -> joined.put(name, String.join(",", list)));
    return joined;
  }

  private static String decodeParameter(String raw) {
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return raw;
    }
  }

  /** The body if it reaches a function as text: one of a type of text that is UTF-8. */
  Optional<String> text() {
    String type = header("content-type").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!type.startsWith("text/") && !TEXT_TYPES.contains(type)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
