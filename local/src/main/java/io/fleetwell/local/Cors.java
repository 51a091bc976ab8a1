package io.fleetwell.local;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which pages of other origins may call the API, as API Gateway tells browsers ("Configure CORS for HTTP APIs in API
 * Gateway", its guide).
 *
 * @param origins such as {@code https://app.example.com}, or {@code *} alone for all
 * @param exposed the headers of answers that the pages may read, beside those that all pages may
 * @param maxAge how many seconds a browser may remember the answer to a preflight
 */
public record Cors(
    List<String> origins,
    List<String> methods,
    List<String> headers,
    List<String> exposed,
    long maxAge) {
  private static final String ANY = "*";
  private static final String NAMES = "access-control-";

  /** What a preflight asks for. */
  static final String REQUEST_METHOD = NAMES + "request-method";

  /** Whether a header is one of CORS. The gateway ignores those of functions. */
  static boolean isHeader(String name) {
    return name.regionMatches(true, 0, NAMES, 0, NAMES.length());
  }

  /** The headers by which the answer to a call lets a page read it, or make the call that a preflight asks for. */
  Map<String, String> headersFor(GatewayCall call) {
    if (!call.isOptions()) {
      return headersFor(call.header("origin"));
    }
    return call.header(REQUEST_METHOD).isEmpty()
        ? Map.of()
        : headersOfPreflight(call.header("origin"));
  }

  /** The headers by which an answer lets a page of this origin read it. */
  Map<String, String> headersFor(String origin) {
    return headers(origin, Map.of("expose-headers", String.join(",", exposed)));
  }

  /** The headers by which the answer to a preflight lets a page of this origin call. */
  Map<String, String> headersOfPreflight(String origin) {
    return headers(
        origin,
        Map.of(
            "allow-methods", String.join(",", methods),
            "allow-headers", String.join(",", headers),
            "max-age", String.valueOf(maxAge)));
  }

  private Map<String, String> headers(String origin, Map<String, String> more) {
    Map<String, String> answer = new LinkedHashMap<>();
    allowed(origin).ifPresent(allowed -> {
      answer.put(NAMES + "allow-origin", allowed);
      more.forEach((name, value) -> answer.put(NAMES + name, value));
    });
    return answer;
  }

  /** Whether pages of this origin may call. */
  boolean allows(String origin) {
    return allowed(origin).isPresent();
  }

  /** How a page's origin is allowed; empty if it is not, or if no page calls. */
  private Optional<String> allowed(String origin) {
    return Optional.of(origins.contains(ANY) ? ANY : origin)
        .filter(it -> !origin.isEmpty() && origins.contains(it));
  }
}
