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

  /** Whether a header is one of CORS. The gateway ignores those of functions. */
  static boolean isHeader(String name) {
    return name.regionMatches(true, 0, NAMES, 0, NAMES.length());
  }

  /** The headers by which the answer to a call lets a page read it, or make the call that a preflight asks for. */
  Map<String, String> headersFor(GatewayCall call) {
    Map<String, String> answer = new LinkedHashMap<>();
    allowed(call.header("origin")).ifPresent(origin -> {
      if (!call.isOptions()) {
        answer.put(NAMES + "allow-origin", origin);
        answer.put(NAMES + "expose-headers", String.join(",", exposed));
      } else if (!call.header(NAMES + "request-method").isEmpty()) {
        answer.put(NAMES + "allow-origin", origin);
        answer.put(NAMES + "allow-methods", String.join(",", methods));
        answer.put(NAMES + "allow-headers", String.join(",", headers));
        answer.put(NAMES + "max-age", String.valueOf(maxAge));
      }
    });
    return answer;
  }

  /** How a page's origin is allowed; empty if it is not, or if no page calls. */
  private Optional<String> allowed(String origin) {
    return Optional.of(origins.contains(ANY) ? ANY : origin)
        .filter(it -> !origin.isEmpty() && origins.contains(it));
  }
}
