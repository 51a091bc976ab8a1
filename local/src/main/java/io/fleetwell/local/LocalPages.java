package io.fleetwell.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** What only the local system has beside the API: tokens, the metadata of the issuer, and where things are. */
final class LocalPages extends Handler.Abstract {
  /** What browsers say of requests of the page's own origin, and of addresses that the user entered (Fetch Metadata). */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private static final Duration LONGEST_LIFETIME = Duration.ofDays(365);

  private final LocalIssuer issuer;
  private final Path project;
  private final URI address;
  private final DataFolder data;

  /**
   * @param project the folder with the documentation
   * @param address the address of the API
   */
  LocalPages(LocalIssuer issuer, Path project, URI address, DataFolder data) {
    this.issuer = issuer;
    this.project = project;
    this.address = address;
    this.data = data;
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
    if (!path.startsWith("/local/")) {
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
      case "/local/devices" -> devices();
      case "/local/folders" ->
        isForAnotherOrigin(request)
            ? PageAnswer.error(403, "A page of another origin learns no paths.")
            : folders();
      default -> nothing();
    };
  }

  private PageAnswer devices() throws IOException {
    String commands = DocumentedCommands.ofDevices(project, address);
    return commands.isEmpty() ? nothing() : PageAnswer.text(commands);
  }

  /** Where the data and the logs are, for the start page. */
  private PageAnswer folders() {
    ObjectNode folders = Json.object()
        .put("data", data.path().toString())
        .put("logs", data.functionLogs().toString());
    return PageAnswer.of("application/json", Json.text(folders));
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
}
