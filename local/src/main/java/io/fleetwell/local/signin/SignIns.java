package io.fleetwell.local.signin;

import io.fleetwell.ids.RandomId;
import io.fleetwell.ids.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who has signed in to which app. Each sign-in has one secret at a time: first a code, then one refresh token after the
 * other.
 *
 * <p>A code and a refresh token consist of the id of the sign-in and a secret. Nobody can guess the id. So a known id with
 * a wrong secret is a code or a token that was used before, perhaps by a thief, and ends the sign-in (RFC 9700, 4.14.2).
 *
 * <p>All is in memory, and ends with the process.
 */
public final class SignIns {
  static final Duration CODE_LIFETIME = Duration.ofSeconds(60);
  static final Duration LIFETIME = Duration.ofDays(30);

  /** When one more starts, the sign-in that was unused for the longest time ends. */
  static final int MAX_SIGN_INS = 1_000;

  private static final String INVALID_GRANT = "invalid_grant";
  private static final Pattern VERIFIER = Pattern.compile("[\\w.~-]{43,128}");

  private final Clock clock;
  private final Map<String, Ticket> tickets = new LinkedHashMap<>();

  public SignIns(Clock clock) {
    this.clock = clock;
  }

  /** A person who signed in to an app. */
  public record SignIn(AuthorizationRequest request, Person person, Instant at) {
    public String clientId() {
      return request.app().clientId();
    }
  }

  /**
   * What an app may have.
   *
   * @param nonce only in exchange for the code: the id tokens that come later have none
   */
  public record Granted(
      SignIn signIn, List<String> scopes, Optional<String> nonce, String refreshToken) {
    public boolean hasIdToken() {
      return scopes.contains(AuthorizationRequest.OPENID);
    }

    /** The address, if the app asked for it. */
    public Optional<String> email() {
      return Optional.of(signIn.person().email())
          .filter(it -> scopes.contains(AuthorizationRequest.EMAIL));
    }
  }

  /** The one secret of a sign-in that is valid now. */
  private record Ticket(SignIn signIn, boolean isCode, String secret, Instant expires) {}

  /** Signs a person in, and returns the code for the app. */
  public synchronized String start(AuthorizationRequest request, Person person) {
    Instant now = clock.instant();
    tickets.values().removeIf(it -> !now.isBefore(it.expires()));
    if (tickets.size() >= MAX_SIGN_INS) {
      tickets.remove(tickets.keySet().iterator().next());
    }
    return issue(RandomId.next(), new SignIn(request, person, now), true, now.plus(CODE_LIFETIME));
  }

  /** Exchanges a code (RFC 6749, 4.1.3) or a refresh token (RFC 6749, 6). */
  public Granted grant(Parameters parameters) throws OAuthException {
    return switch (parameters.require("grant_type")) {
      case "authorization_code" -> exchange(parameters);
      case "refresh_token" -> refresh(parameters);
      default ->
        throw new OAuthException(
            "unsupported_grant_type", "The grant_type is authorization_code or refresh_token.");
    };
  }

  private synchronized Granted exchange(Parameters parameters) throws OAuthException {
    String clientId = parameters.require("client_id");
    String redirectUri = parameters.require("redirect_uri");
    String verifier = parameters.require("code_verifier");
    String code = parameters.require("code");
    SignIn signIn = take(code, true, clientId);
    if (!redirectUri.equals(signIn.request().app().redirectUri())) {
      throw refused("The redirect_uri is not that of the code.");
    }
    if (!VERIFIER.matcher(verifier).matches()
        || !digest(verifier).equals(signIn.request().challenge())) {
      throw refused("The code_verifier does not match the code_challenge.");
    }
    return new Granted(
        signIn, signIn.request().scopes(), signIn.request().nonce(), next(code, signIn));
  }

  private synchronized Granted refresh(Parameters parameters) throws OAuthException {
    String clientId = parameters.require("client_id");
    Optional<List<String>> fewer = parameters.find("scope").map(AuthorizationRequest::known);
    String refreshToken = parameters.require("refresh_token");
    SignIn signIn = take(refreshToken, false, clientId);
    List<String> scopes = signIn.request().scopes().stream()
        .filter(it -> fewer.isEmpty() || fewer.get().contains(it))
        .toList();
    return new Granted(signIn, scopes, Optional.empty(), next(refreshToken, signIn));
  }

  /** Takes the sign-in of a code or refresh token out, which ends it unless {@link #next} puts it back. */
  private SignIn take(String presented, boolean isCode, String clientId) throws OAuthException {
    Ticket ticket = tickets.remove(idOf(presented));
    if (ticket == null
        || ticket.isCode() != isCode
        || !presented.equals(ticket.secret())
        || !clock.instant().isBefore(ticket.expires())) {
      throw refused("It has expired, was used before, or never was valid. Sign in again.");
    }
    if (!clientId.equals(ticket.signIn().clientId())) {
      throw refused("It belongs to another client.");
    }
    return ticket.signIn();
  }

  private String next(String used, SignIn signIn) {
    return issue(idOf(used), signIn, false, signIn.at().plus(LIFETIME));
  }

  private String issue(String id, SignIn signIn, boolean isCode, Instant expires) {
    String secret = id + "." + RandomId.next();
    tickets.put(id, new Ticket(signIn, isCode, secret, expires));
    return secret;
  }

  private static String idOf(String secret) {
    return secret.split("\\.", 2)[0];
  }

  private static OAuthException refused(String description) {
    return new OAuthException(INVALID_GRANT, description);
  }

  /** The challenge of a verifier (RFC 7636, 4.2). */
  private static String digest(String verifier) {
    byte[] digest = Sha256.of(verifier.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }
}
