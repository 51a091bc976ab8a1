package io.fleetwell.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** What only the local system has beside the API: tokens for anyone, the keys of the issuer, and where things are. */
final class LocalPages extends Handler.Abstract {
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

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = Servers.pathOf(request);
    if (!path.startsWith("/local/")) {
      return false;
    }
    PageAnswer answer = request.getMethod().equals("GET")
        ? page(path, request)
        : PageAnswer.error(405, "Only GET is allowed.");
    answer.send(response, callback);
    return true;
  }

  private PageAnswer page(String path, Request request) throws IOException {
    return switch (path) {
      case "/local/token" ->
        PageOrigins.isAnother(request)
            ? PageAnswer.error(403, "A page of another origin gets no token.")
            : token(Request.extractQueryParameters(request));
      case "/local/jwks" -> PageAnswer.json(200, issuer.jwks());
      case "/local/devices" -> devices();
      case "/local/folders" ->
        PageOrigins.isAnother(request)
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
    return PageAnswer.json(200, Json.text(folders));
  }

  private static PageAnswer nothing() {
    return PageAnswer.error(404, "Not found. The API reference is at /docs.");
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
    given(parameters, "support")
        .ifPresent(person -> tokens.add(issuer.supportToken(person, lifetime)));
    return tokens.size() == 1
        ? PageAnswer.text(tokens.get(0))
        : PageAnswer.error(
            400, "Name one caller: ?user=alice, ?device=DEVICEID1, ?operator=olga or ?support=sue");
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
