package io.fleetwell.console;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves the start page, the API reference and the contract to anyone. What it serves is a fixed map, so no path leads to
 * another file. It reads no variables, calls nothing and logs nothing.
 */
public final class PagesHandler
    implements RequestHandler<Map<String, Object>, Map<String, Object>> {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";

  /** The content types of all files, by the paths at which they are served. */
  private static final Map<String, String> TYPES = Map.of(
      "/", HTML,
      "/docs", HTML,
      "/docs/icon.svg", "image/svg+xml",
      "/docs/pages.css", STYLE,
      "/docs/reference.js", SCRIPT,
      "/docs/start.js", SCRIPT,
      "/docs/swagger-ui-bundle.js", SCRIPT,
      "/docs/swagger-ui.css", STYLE,
      "/openapi.json", "application/json",
      "/openapi.yaml", "application/yaml; charset=utf-8");

  /** The names of the two pages. Other files have the last segment of their path. */
  private static final Map<String, String> PAGES = Map.of("/", "start.html", "/docs", "docs.html");

  private static final String PARTS_OF_PAGES = "/docs/";

  /** The style sheet of Swagger UI has images in {@code data:} URLs. */
  private static final Map<String, String> HEADERS = Map.of(
      "cache-control", "no-cache",
      "content-security-policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "referrer-policy", "no-referrer",
      "vary", "accept-encoding",
      "x-content-type-options", "nosniff",
      "x-frame-options", "DENY");

  private final Map<String, StaticFile> read = new ConcurrentHashMap<>();

  /** The paths of all files. */
  static Set<String> paths() {
    return TYPES.keySet();
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    PageRequest request = PageRequest.of(event);
    String type = TYPES.get(request.path());
    if (type == null) {
      return answer(404, Map.of("content-type", "text/plain; charset=utf-8"), bytes("Not found\n"));
    }
    StaticFile file =
        read.computeIfAbsent(request.path(), path -> StaticFile.read(nameOf(path), type));
    return request.has(file.etag())
        ? answer(304, Map.of("etag", file.etag()), new byte[0])
        : answer(file, request);
  }

  private static String nameOf(String path) {
    return PAGES.getOrDefault(path, path.substring(path.lastIndexOf('/') + 1));
  }

  /**
   * Every browser takes gzip, so what only pages load is always compressed. Otherwise anyone could make the function send
   * several times the bytes.
   */
  private static Map<String, Object> answer(StaticFile file, PageRequest request) {
    boolean compressed = request.acceptsGzip() || request.path().startsWith(PARTS_OF_PAGES);
    Map<String, String> headers =
        new HashMap<>(Map.of("content-type", file.type(), "etag", file.etag()));
    if (compressed) {
      headers.put("content-encoding", "gzip");
    }
    return answer(200, headers, compressed ? file.gzipped() : file.plain());
  }

  private static Map<String, Object> answer(int status, Map<String, String> own, byte[] body) {
    Map<String, String> headers = new HashMap<>(HEADERS);
    headers.putAll(own);
    return Map.of(
        "statusCode",
        status,
        "headers",
        headers,
        "isBase64Encoded",
        true,
        "body",
        Base64.getEncoder().encodeToString(body));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
