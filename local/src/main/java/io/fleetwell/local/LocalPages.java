package io.fleetwell.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** The pages of the local system beside the API: tokens, the metadata of the issuer, and documentation. */
final class LocalPages extends Handler.Abstract {
  /** The files of Swagger UI that {@code /docs} needs, and their types. */
  private static final Map<String, String> VIEWER = Map.of(
      "swagger-ui.css", "text/css",
      "swagger-ui-bundle.js", "text/javascript",
      "favicon-32x32.png", "image/png");

  /** What browsers say of requests of the page's own origin, and of addresses that the user entered (Fetch Metadata). */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private static final Duration LONGEST_LIFETIME = Duration.ofDays(365);

  private final LocalIssuer issuer;
  private final Path project;
  private final URI address;

  /**
   * @param project the folder with {@code openapi.yaml} and the documentation
   * @param address the address of the API
   */
  LocalPages(LocalIssuer issuer, Path project, URI address) {
    this.issuer = issuer;
    this.project = project;
    this.address = address;
  }

  private record PageAnswer(int status, String type, byte[] body) {
    private static final String TEXT = "text/plain; charset=utf-8";

    static PageAnswer text(String body) {
      return of(TEXT, body);
    }

    static PageAnswer of(String type, String body) {
      return new PageAnswer(200, type, body.getBytes(StandardCharsets.UTF_8));
    }

    static PageAnswer error(int status, String message) {
      return new PageAnswer(status, TEXT, (message + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Servers.pathOf(request);
    if (path.equals("/docs")) {
      Response.sendRedirect(request, response, callback, "/docs/");
      return true;
    }
    if (!path.startsWith("/docs/") && !path.startsWith("/local/")) {
      return false;
    }
    PageAnswer answer = request.getMethod().equals("GET")
        ? page(path, request)
        : PageAnswer.error(405, "Only GET is allowed.");
    response.setStatus(answer.status());
    response.getHeaders().put("content-type", answer.type());
    response.getHeaders().put("cache-control", "no-store");
    response.getHeaders().put("cross-origin-resource-policy", "same-origin");
    response.getHeaders().put("x-content-type-options", "nosniff");
    response.write(true, ByteBuffer.wrap(answer.body()), callback);
    return true;
  }

  private PageAnswer page(String path, Request request) throws IOException {
    return switch (path) {
      case "/local/token" ->
        isForAnotherOrigin(request)
            ? PageAnswer.error(403, "A page of another origin gets no token.")
            : token(Request.extractQueryParameters(request));
      case "/local/.well-known/openid-configuration" ->
        PageAnswer.of("application/json", issuer.discovery());
      case "/local/jwks" -> PageAnswer.of("application/json", issuer.jwks());
      case "/docs/" -> resource("/docs/index.html", "text/html; charset=utf-8");
      case "/docs/openapi.yaml" ->
        PageAnswer.of(
            "application/yaml; charset=utf-8", Files.readString(project.resolve("openapi.yaml")));
      case "/local/devices" -> devices();
      default -> viewer(path.substring(path.lastIndexOf('/') + 1), path);
    };
  }

  private PageAnswer devices() throws IOException {
    String commands = DocumentedCommands.ofDevices(project, address);
    return commands.isEmpty() ? nothing() : PageAnswer.text(commands);
  }

  private static PageAnswer nothing() {
    return PageAnswer.error(404, "Not found. The API reference is at /docs.");
  }

  /**
   * Whether a browser asks for a page of another origin. Such a page could not read the answer, which has no CORS headers;
   * it gets none that it could try to use.
   */
  private static boolean isForAnotherOrigin(Request request) {
    String own = "http://" + request.getHeaders().get(HttpHeader.HOST);
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    String site = request.getHeaders().get("sec-fetch-site");
    return (origin != null && !origin.equals(own)) || (site != null && !OWN_SITES.contains(site));
  }

  private PageAnswer token(Fields parameters) {
    List<String> tokens = new ArrayList<>();
    Duration lifetime;
    try {
      lifetime = lifetime(Optional.ofNullable(parameters.getValue("lifetime")));
    } catch (NumberFormatException e) {
      return PageAnswer.error(
          400,
          "lifetime is a number of seconds, at most a year. A negative one makes a token that has expired.");
    }
    given(parameters, "user").ifPresent(user -> tokens.add(issuer.userToken(user, lifetime)));
    given(parameters, "device")
        .ifPresent(device -> tokens.add(issuer.deviceToken(device, lifetime)));
    given(parameters, "operator")
        .ifPresent(operator -> tokens.add(issuer.operatorToken(operator, lifetime)));
    return tokens.size() == 1
        ? PageAnswer.text(tokens.get(0))
        : PageAnswer.error(
            400, "Name one caller: ?user=alice, ?device=DEVICEID1 or ?operator=olga");
  }

  private static Optional<String> given(Fields parameters, String name) {
    return Optional.ofNullable(parameters.getValue(name)).filter(value -> !value.isBlank());
  }

  private static Duration lifetime(Optional<String> seconds) {
    if (seconds.isEmpty()) {
      return LocalIssuer.DEFAULT_LIFETIME;
    }
    Duration lifetime = Duration.ofSeconds(Integer.parseInt(seconds.get()));
    if (lifetime.abs().compareTo(LONGEST_LIFETIME) > 0) {
      throw new NumberFormatException();
    }
    return lifetime;
  }

  private static PageAnswer viewer(String file, String path) {
    if (!path.equals("/docs/" + file) || !VIEWER.containsKey(file)) {
      return nothing();
    }
    String version = viewerVersion();
    return resource(
        "/META-INF/resources/webjars/swagger-ui/%s/%s".formatted(version, file), VIEWER.get(file));
  }

  private static String viewerVersion() {
    Properties pom = new Properties();
    try (InputStream in = open("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
      pom.load(in);
      return pom.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PageAnswer resource(String name, String type) {
    try (InputStream in = open(name)) {
      return new PageAnswer(200, type, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String name) throws IOException {
    InputStream in = LocalPages.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException(name + " is not on the class path");
    }
    return in;
  }
}
