package io.fleetwell.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jwt.SignedJWT;
import io.fleetwell.testing.Api;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An app that signs people in on the local system, by single requests. It follows no redirect. */
final class SignInClient {
  static final String REDIRECT = "http://127.0.0.1:3000/";

  /** The example of RFC 7636, appendix B. */
  static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

  static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final LocalSystem system;

  SignInClient(LocalSystem system) {
    this.system = system;
  }

  /** A good request for a code. */
  static Map<String, String> request(String scopes) {
    return new TreeMap<>(Map.of(
        "response_type", "code",
        "client_id", "app",
        "redirect_uri", REDIRECT,
        "scope", scopes,
        "state", "a state",
        "nonce", "a nonce",
        "code_challenge", CHALLENGE,
        "code_challenge_method", "S256"));
  }

  static Map<String, String> with(Map<String, String> parameters, String... more) {
    Map<String, String> all = new TreeMap<>(parameters);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  static String encode(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** The parameters of an address. */
  static Map<String, String> parametersOf(String address) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : List.of(address.substring(address.indexOf('?') + 1).split("&", -1))) {
      String[] nameAndValue = pair.split("=", 2);
      parameters.put(
          nameAndValue[0],
          URLDecoder.decode(nameAndValue[nameAndValue.length - 1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  HttpResponse<String> get(String pathAndQuery, String... headers) {
    return send("GET", pathAndQuery, "", headers);
  }

  HttpResponse<String> authorize(Map<String, String> parameters, String... headers) {
    return get("/local/authorize?" + encode(parameters), headers);
  }

  HttpResponse<String> signIn(Map<String, String> form, String... headers) {
    return post("/local/sign-in", encode(form), headers);
  }

  HttpResponse<String> token(Map<String, String> form, String... headers) {
    return post("/local/token", encode(form), headers);
  }

  HttpResponse<String> post(String path, String form, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("content-type", "application/x-www-form-urlencoded"));
    return send("POST", path, form, all.toArray(String[]::new));
  }

  HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(system.uri() + path))
        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String locationOf(HttpResponse<String> answer) {
    return answer.headers().firstValue("location").orElse("");
  }

  /** The code that an answer takes to the app; empty if it takes none. */
  static String codeIn(HttpResponse<String> answer) {
    return parametersOf(locationOf(answer)).getOrDefault("code", "");
  }

  static Map<String, String> exchangeOf(String code) {
    return Map.of(
        "grant_type", "authorization_code",
        "client_id", "app",
        "redirect_uri", REDIRECT,
        "code", code,
        "code_verifier", VERIFIER);
  }

  /** The code for an app in which one of the people on the page signs in. */
  String codeOf(String person, String scopes) {
    return codeIn(signIn(with(request(scopes), "person", person)));
  }

  /** The tokens for an app in which one of the people on the page signs in. */
  JsonNode tokensOf(String person, String scopes) {
    return json(token(exchangeOf(codeOf(person, scopes))));
  }

  JsonNode refresh(String refreshToken) {
    return json(token(
        Map.of("grant_type", "refresh_token", "client_id", "app", "refresh_token", refreshToken)));
  }

  static JsonNode json(HttpResponse<String> answer) {
    try {
      return Api.JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<String, Object> claimsOf(String token) {
    try {
      return SignedJWT.parse(token).getJWTClaimsSet().getClaims();
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }
}
