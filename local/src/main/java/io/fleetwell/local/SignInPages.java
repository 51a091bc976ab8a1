package io.fleetwell.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.json.Json;
import io.fleetwell.local.signin.App;
import io.fleetwell.local.signin.AuthorizationRequest;
import io.fleetwell.local.signin.OAuthException;
import io.fleetwell.local.signin.Parameters;
import io.fleetwell.local.signin.Person;
import io.fleetwell.local.signin.SignInPage;
import io.fleetwell.local.signin.SignIns;
import io.fleetwell.local.signin.SignIns.Granted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Signing in to apps by authorization code (OpenID Connect Core, 3.1), without passwords. Apps of the origins that may
 * call the API may also get tokens here.
 */
final class SignInPages extends Handler.Abstract {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int MAX_BODY_BYTES = 16_384;

  /**
   * A browser follows the answer to a form only to an address that {@code form-action} allows. With {@code no-referrer}, it
   * would send the forms without their origin.
   */
  private static final Map<String, String> PAGE_HEADERS = Map.of(
      "content-security-policy",
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action http: fleetwell:; frame-ancestors 'none'",
      "referrer-policy",
      "same-origin",
      "x-frame-options",
      "DENY");

  private final LocalIssuer issuer;
  private final SignIns signIns;
  private final Optional<Cors> cors;

  SignInPages(LocalIssuer issuer, SignIns signIns, Optional<Cors> cors) {
    this.issuer = issuer;
    this.signIns = signIns;
    this.cors = cors;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Optional<PageAnswer> answer = answer(request);
    if (answer.isEmpty()) {
      return false;
    }
    answer.get().send(response, callback);
    return true;
  }

  /** Empty for requests that others answer. */
  private Optional<PageAnswer> answer(Request request) throws IOException {
    return switch (request.getMethod() + " " + Servers.pathOf(request)) {
      case "GET /local/authorize" -> Optional.of(authorize(request));
      case "POST " + SignInPage.ACTION -> Optional.of(signIn(request));
      case "GET /local/sign-out" -> Optional.of(signOut(request));
      case "GET /local/sign-in.css" -> Optional.of(styles());
      case "POST /local/token" -> Optional.of(token(request));
      case "OPTIONS /local/token" -> Optional.of(preflight(request, "POST"));
      case "GET /local/.well-known/openid-configuration" -> Optional.of(discovery(request));
      case "OPTIONS /local/.well-known/openid-configuration" ->
        Optional.of(preflight(request, "GET"));
      default -> Optional.empty();
    };
  }

  // The person's browser

  private static PageAnswer authorize(Request request) {
    App app;
    Parameters parameters;
    try {
      parameters = query(request);
      app = App.of(parameters);
    } catch (OAuthException e) {
      return failed(e);
    }
    try {
      return page(200, SignInPage.of(AuthorizationRequest.of(app, parameters), Optional.empty()));
    } catch (OAuthException e) {
      return PageAnswer.seeOther(app.addressWith(e));
    }
  }

  /** Another page must not sign the person in: a browser says where a form comes from. */
  private PageAnswer signIn(Request request) throws IOException {
    if (PageOrigins.isAnother(request)) {
      return PageAnswer.error(403, "A page of another origin signs nobody in.");
    }
    AuthorizationRequest asked;
    Parameters parameters;
    try {
      parameters = form(request);
      asked = AuthorizationRequest.of(App.of(parameters), parameters);
    } catch (OAuthException e) {
      return failed(e);
    }
    try {
      return PageAnswer.seeOther(
          parameters.find("cancel").isPresent()
              ? asked.app().addressWith(OAuthException.accessDenied())
              : asked
                  .app()
                  .addressWith(Map.of("code", signIns.start(asked, Person.of(parameters)))));
    } catch (OAuthException e) {
      return page(400, SignInPage.of(asked, Optional.of(e.description())));
    }
  }

  private static PageAnswer signOut(Request request) {
    try {
      return App.addressAfterSignOut(query(request))
          .map(PageAnswer::seeOther)
          .orElseGet(() ->
              page(200, SignInPage.message("Signed out", "The next sign-in asks who you are.")));
    } catch (OAuthException e) {
      return failed(e);
    }
  }

  private static PageAnswer page(int status, String document) {
    return PageAnswer.of(status, HTML, document).with(PAGE_HEADERS);
  }

  private static PageAnswer failed(OAuthException e) {
    return page(400, SignInPage.message("The app's request is wrong", e.description()));
  }

  private static PageAnswer styles() throws IOException {
    try (InputStream in = SignInPage.class.getResourceAsStream("sign-in.css")) {
      if (in == null) {
        throw new IllegalStateException("the package has no style sheet");
      }
      return PageAnswer.of(
          "text/css; charset=utf-8", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  // The app

  private PageAnswer discovery(Request request) {
    return readable(request, PageAnswer.json(200, issuer.discovery()));
  }

  private PageAnswer token(Request request) throws IOException {
    String origin = PageOrigins.of(request);
    if (PageOrigins.isAnother(request) && !cors.map(it -> it.allows(origin)).orElse(false)) {
      return PageAnswer.error(
          403, "A page of another origin gets no token, unless CorsOrigins has its origin.");
    }
    try {
      return readable(request, PageAnswer.json(200, tokens(signIns.grant(form(request)))));
    } catch (OAuthException e) {
      ObjectNode error =
          Json.object().put("error", e.error()).put("error_description", e.description());
      return readable(request, PageAnswer.json(400, Json.text(error)));
    }
  }

  /** The answer of RFC 6749, 5.1. */
  private String tokens(Granted granted) {
    ObjectNode tokens = Json.object()
        .put("access_token", issuer.accessToken(granted))
        .put("token_type", "Bearer")
        .put("expires_in", LocalIssuer.SIGNED_IN_LIFETIME.toSeconds())
        .put("refresh_token", granted.refreshToken())
        .put("scope", String.join(" ", granted.scopes()));
    if (granted.hasIdToken()) {
      tokens.put("id_token", issuer.idToken(granted));
    }
    return Json.text(tokens);
  }

  private PageAnswer readable(Request request, PageAnswer answer) {
    return answer.with(cors.map(it -> it.headersFor(PageOrigins.of(request))).orElse(Map.of()));
  }

  /** Allows an app to make a call with this method, and no other. */
  private PageAnswer preflight(Request request, String method) {
    PageAnswer answer = new PageAnswer(204, Map.of(), new byte[0]);
    return method.equals(request.getHeaders().get(Cors.REQUEST_METHOD))
        ? answer.with(
            cors.map(it -> it.headersOfPreflight(PageOrigins.of(request))).orElse(Map.of()))
        : answer;
  }

  private static Parameters query(Request request) throws OAuthException {
    return Parameters.parse(Optional.ofNullable(request.getHttpURI().getQuery()).orElse(""));
  }

  private static Parameters form(Request request) throws IOException, OAuthException {
    String type =
        Optional.ofNullable(request.getHeaders().get(HttpHeader.CONTENT_TYPE)).orElse("");
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase(FORM)) {
      throw OAuthException.invalidRequest("The content type must be " + FORM + ".");
    }
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] body = in.readNBytes(MAX_BODY_BYTES + 1);
      if (body.length > MAX_BODY_BYTES) {
        throw OAuthException.invalidRequest(
            "The body has more than %d bytes.".formatted(MAX_BODY_BYTES));
      }
      return Parameters.parse(new String(body, StandardCharsets.UTF_8));
    }
  }
}
