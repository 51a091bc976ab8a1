package io.fleetwell.local.signin;

import io.fleetwell.authorizer.TokenVerifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A request of an app to sign somebody in (OpenID Connect Core, 3.1.2.1), which must use PKCE (RFC 7636).
 *
 * @param scopes those asked for that the issuer knows
 * @param challenge the SHA-256 digest of a verifier that only the app has
 * @param nonce comes back in the id token
 */
public record AuthorizationRequest(
    App app, List<String> scopes, String challenge, Optional<String> nonce) {
  static final String OPENID = "openid";
  static final String EMAIL = "email";

  public static final List<String> KNOWN_SCOPES =
      List.of(OPENID, EMAIL, TokenVerifier.CONSOLE_SCOPE);

  /** 32 bytes as base64url. */
  private static final Pattern CHALLENGE = Pattern.compile("[\\w-]{43}");

  /** What OpenID Connect Core (3.1.2.6) requires of an issuer without request objects. */
  private static final Map<String, String> UNSUPPORTED = Map.of(
      "request", "request_not_supported",
      "request_uri", "request_uri_not_supported");

  public AuthorizationRequest {
    scopes = List.copyOf(scopes);
  }

  /**
   * Reads the rest of a request.
   *
   * @throws OAuthException whose text is for the app
   */
  public static AuthorizationRequest of(App app, Parameters parameters) throws OAuthException {
    for (Map.Entry<String, String> unsupported : UNSUPPORTED.entrySet()) {
      if (parameters.find(unsupported.getKey()).isPresent()) {
        throw new OAuthException(
            unsupported.getValue(), "Send the parameters themselves, not an object with them.");
      }
    }
    if (!parameters.require("response_type").equals("code")) {
      throw new OAuthException("unsupported_response_type", "The response_type must be code.");
    }
    if (!parameters.find("response_mode").orElse("query").equals("query")) {
      throw OAuthException.invalidRequest("The response_mode must be query.");
    }
    checkPrompt(Set.of(parameters.find("prompt").orElse("").split(" ")));
    String challenge = parameters.require("code_challenge");
    // Without a method, the challenge is the verifier itself (RFC 7636, 4.3).
    if (!parameters.find("code_challenge_method").orElse("plain").equals("S256")) {
      throw OAuthException.invalidRequest("The code_challenge_method must be S256.");
    }
    if (!CHALLENGE.matcher(challenge).matches()) {
      throw OAuthException.invalidRequest("The code_challenge is not a SHA-256 digest.");
    }
    return new AuthorizationRequest(
        app, known(parameters.find("scope").orElse("")), challenge, parameters.find("nonce"));
  }

  /** Nobody is ever signed in already, so the page cannot be left out. */
  private static void checkPrompt(Set<String> prompts) throws OAuthException {
    if (prompts.contains("none")) {
      throw prompts.size() == 1
          ? new OAuthException("login_required", "Nobody is signed in without the page.")
          : OAuthException.invalidRequest("The prompt none excludes all others.");
    }
  }

  /** Of a list with spaces, the scopes that the issuer knows. */
  static List<String> known(String scopes) {
    List<String> asked = List.of(scopes.split(" "));
    return KNOWN_SCOPES.stream().filter(asked::contains).toList();
  }

  /** The parameters that make the same request again. */
  Map<String, String> parameters() {
    Map<String, String> parameters = new TreeMap<>(Map.of(
        "client_id",
        app.clientId(),
        "redirect_uri",
        app.redirectUri(),
        "response_type",
        "code",
        "code_challenge",
        challenge,
        "code_challenge_method",
        "S256",
        "scope",
        String.join(" ", scopes)));
    app.state().ifPresent(it -> parameters.put("state", it));
    nonce.ifPresent(it -> parameters.put("nonce", it));
    return parameters;
  }
}
