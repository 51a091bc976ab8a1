package io.fleetwell.local.signin;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The parameters of a request, by their names. */
public record Parameters(Map<String, List<String>> values) {
  /** As it is sent, so that an address with two of them fits into a header of the answer. */
  private static final int MAX_ENCODED_LENGTH = 2_048;

  /** Reads a query or the body of a form. */
  public static Parameters parse(String encoded) throws OAuthException {
    Map<String, List<String>> values = new HashMap<>();
    try {
      for (String pair : encoded.split("&", -1)) {
        String[] nameAndValue = pair.split("=", 2);
        values
            .computeIfAbsent(decode(nameAndValue[0]), name -> new ArrayList<>())
            .add(nameAndValue.length > 1 ? decode(nameAndValue[1]) : "");
      }
    } catch (IllegalArgumentException e) {
      throw OAuthException.invalidRequest("The parameters are not form-encoded.");
    }
    return new Parameters(Map.copyOf(values));
  }

  private static String decode(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** Writes parameters as a query. */
  static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(it -> encode(it.getKey()) + "=" + encode(it.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** A parameter without a value counts as omitted, and none may be repeated (RFC 6749, 3.1 and 3.2). */
  public Optional<String> find(String name) throws OAuthException {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.size() > 1) {
      throw OAuthException.invalidRequest("The parameter %s is repeated.".formatted(name));
    }
    Optional<String> value = given.stream().filter(it -> !it.isEmpty()).findFirst();
    if (value.filter(it -> encode(it).length() > MAX_ENCODED_LENGTH).isPresent()) {
      throw OAuthException.invalidRequest(
          "The parameter %s has more than %d characters.".formatted(name, MAX_ENCODED_LENGTH));
    }
    return value;
  }

  public String require(String name) throws OAuthException {
    return find(name)
        .orElseThrow(
            () -> OAuthException.invalidRequest("The parameter %s is missing.".formatted(name)));
  }
}
