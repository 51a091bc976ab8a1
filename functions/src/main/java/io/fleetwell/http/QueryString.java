package io.fleetwell.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.failure.Failure;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The parameters of a raw query string. The gateway's own decoding joins repeated ones with a comma, which a value may
 * hold too, so it cannot be used.
 */
final class QueryString {
  /** No parameter of this API is longer: the longest is a cursor. */
  private static final int MAX_VALUE_LENGTH = 1_024;

  /** URLDecoder takes {@code %+1} for an escape. */
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  /** Undecoded, so that a mangled parameter that nobody asks for is ignored like any unknown one. */
  private final Map<String, List<String>> values = new HashMap<>();

  QueryString(String raw) {
    for (String pair : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      values
          .computeIfAbsent(decode(parts[0]).orElse(parts[0]), it -> new ArrayList<>())
          .add(parts.length == 1 ? "" : parts[1]);
    }
  }

  /**
   * The one value of a parameter, decoded; empty if it is not given.
   *
   * @throws Failure {@code INVALID} when it is given twice, longer than any can be, or not percent-encoded UTF-8
   */
  Optional<String> value(String name) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.isEmpty()) {
      return Optional.empty();
    }
    if (given.size() > 1) {
      throw Failure.invalid("The parameter %s is given more than once.".formatted(name));
    }
    String value = decode(given.get(0))
        .orElseThrow(() ->
            Failure.invalid("The parameter %s is not percent-encoded UTF-8.".formatted(name)));
    if (value.length() > MAX_VALUE_LENGTH) {
      throw Failure.invalid(
          "The parameter %s is longer than %,d characters.".formatted(name, MAX_VALUE_LENGTH));
    }
    return Optional.of(value);
  }

  private static Optional<String> decode(String encoded) {
    if (BROKEN_ESCAPE.matcher(encoded).find()) {
      return Optional.empty();
    }
    // URLDecoder replaces what is not UTF-8. As Latin-1, which has a character for each byte, all
    // bytes pass it as they are.
    String bytes = new String(encoded.getBytes(UTF_8), ISO_8859_1);
    byte[] decoded = URLDecoder.decode(bytes, ISO_8859_1).getBytes(ISO_8859_1);
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
