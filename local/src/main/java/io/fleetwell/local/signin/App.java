package io.fleetwell.local.signin;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The app that asks, and the address at which it waits for the answer. Every client id is known: an app need not be
 * registered.
 *
 * @param state comes back with the answer
 */
public record App(String clientId, String redirectUri, Optional<String> state) {
  private static final Pattern CLIENT_ID = Pattern.compile("[!-~]{1,128}");

  /** Apps on this machine: a web app on any port, or an app with the scheme of the template's {@code AppClient}. */
  private static final Pattern LISTED_ADDRESS = Pattern.compile(
      "http://(127\\.0\\.0\\.1|localhost|\\[::1])(:[0-9]{1,5})?(/[\\w.~!$&'()*+,;=:@%/-]*)?(\\?[\\w.~!$&'()*+,;=:@%/?-]*)?"
          + "|fleetwell://signed-in");

  /**
   * Reads the part of a request without which no answer may be sent to an address (RFC 6749, 4.1.2.1).
   *
   * @throws OAuthException whose text is for the person, not for the app
   */
  public static App of(Parameters parameters) throws OAuthException {
    String clientId = parameters.require("client_id");
    if (!CLIENT_ID.matcher(clientId).matches()) {
      throw OAuthException.invalidRequest(
          "client_id has 1 to 128 printable ASCII characters without spaces.");
    }
    return new App(clientId, listed(parameters.require("redirect_uri")), parameters.find("state"));
  }

  static String listed(String address) throws OAuthException {
    if (!LISTED_ADDRESS.matcher(address).matches()) {
      throw OAuthException.invalidRequest(
          "This issuer sends people only to http://127.0.0.1, http://localhost or http://[::1] on any port, or to fleetwell://signed-in.");
    }
    return address;
  }

  /** The address with an answer to the app. */
  public String addressWith(Map<String, String> answer) {
    Map<String, String> parameters = new TreeMap<>(answer);
    state.ifPresent(it -> parameters.put("state", it));
    return addressWith(redirectUri, parameters);
  }

  /** The address with the answer that a request is refused. */
  public String addressWith(OAuthException refusal) {
    return addressWith(
        Map.of("error", refusal.error(), "error_description", refusal.description()));
  }

  static String addressWith(String address, Map<String, String> parameters) {
    if (parameters.isEmpty()) {
      return address;
    }
    return address + (address.contains("?") ? "&" : "?") + Parameters.query(parameters);
  }

  /**
   * The address to which a person goes who signed out of an app; empty if the app names none. Signing in again always asks,
   * so nothing else ends.
   */
  public static Optional<String> addressAfterSignOut(Parameters parameters) throws OAuthException {
    Optional<String> address = parameters.find("post_logout_redirect_uri");
    Optional<String> state = parameters.find("state");
    if (address.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        addressWith(listed(address.get()), state.map(it -> Map.of("state", it)).orElse(Map.of())));
  }
}
