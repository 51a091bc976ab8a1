package io.fleetwell.console;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the function reads of an event of the gateway, in payload format 2.0.
 *
 * @param path decoded
 * @param headers by name in lower case, as the gateway sends them
 */
record PageRequest(String path, Map<?, ?> headers) {
  /** A weight of 0 refuses. */
  private static final Pattern GZIP =
      Pattern.compile("gzip(\\s*;\\s*q=(1(\\.0*)?|0?\\.\\d*[1-9]\\d*))?");

  static PageRequest of(Map<String, Object> event) {
    return new PageRequest(
        String.valueOf(event.get("rawPath")),
        event.get("headers") instanceof Map<?, ?> headers ? headers : Map.of());
  }

  /** The elements of a header's list, without white space; none if it is missing. */
  private Stream<String> elements(String header) {
    Object value = headers.get(header);
    return value == null ? Stream.of() : Stream.of(value.toString().split(",")).map(String::strip);
  }

  boolean acceptsGzip() {
    return elements("accept-encoding")
        .anyMatch(it -> GZIP.matcher(it.toLowerCase(Locale.ROOT)).matches());
  }

  /** Whether the caller has the bytes of an ETag already (RFC 9110, 13.1.2: a weak comparison). */
  boolean has(String etag) {
    return elements("if-none-match")
        .anyMatch(it -> it.equals("*") || opaque(it).equals(opaque(etag)));
  }

  private static String opaque(String etag) {
    return etag.startsWith("W/") ? etag.substring(2) : etag;
  }
}
