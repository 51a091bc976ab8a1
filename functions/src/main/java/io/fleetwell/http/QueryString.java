package io.fleetwell.http;

import io.fleetwell.failure.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a raw query string. The gateway's own decoding joins repeated ones with a comma, which a value may
 * hold too, so it cannot be used.
 */
final class QueryString {
  /** No parameter of this API is longer: the longest is a cursor. */
  private static final int MAX_VALUE_LENGTH = 1_024;

  private final Map<String, String> first = new LinkedHashMap<>();
  private final Map<String, String> repeated = new LinkedHashMap<>();

  /** Holds the pairs undecoded, so that a mangled parameter that nobody asks for is ignored like any unknown one. */
  QueryString(String raw) {
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      String decodedName = decode(name).orElse(name);
      if (first.putIfAbsent(decodedName, value) != null) {
        repeated.put(decodedName, value);
      }
    }
  }

  /**
   * The one value of a parameter, decoded; empty if it is not given.
   *
   * @throws Failure {@code INVALID} when it is given twice, longer than any can be, or not percent-encoded UTF-8
   */
  Optional<String> value(String name) {
    String raw = first.get(name);
    if (raw == null) {
      return Optional.empty();
    }
    if (repeated.containsKey(name)) {
      throw Failure.invalid("The parameter %s is given more than once.".formatted(name));
    }
    String value = decode(raw)
        .orElseThrow(() ->
            Failure.invalid("The parameter %s is not percent-encoded UTF-8.".formatted(name)));
    if (value.length() > MAX_VALUE_LENGTH) {
      throw Failure.invalid(
          "The parameter %s is longer than %,d characters.".formatted(name, MAX_VALUE_LENGTH));
    }
    return Optional.of(value);
  }

  private static Optional<String> decode(String encoded) {
    byte[] from = encoded.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(from.length);
    for (int i = 0; i < from.length; i++) {
      if (from[i] == '+') {
        decoded.put((byte) ' ');
      } else if (from[i] != '%') {
        decoded.put(from[i]);
      } else {
        int high = i + 2 < from.length ? Character.digit(from[i + 1], 16) : -1;
        int low = i + 2 < from.length ? Character.digit(from[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        decoded.put((byte) (high * 16 + low));
        i += 2;
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
