package io.fleetwell.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fleetwell.failure.Failure;
import io.fleetwell.failure.ParameterError;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The parameters of a raw query string. The gateway's own decoding is of no use: it joins repeated parameters with a comma,
 * which a value may contain too.
 */
final class QueryString {
  /** The longest parameter of this API is a cursor, which is shorter. */
  private static final int MAX_VALUE_LENGTH = 1_024;

  /** URLDecoder accepts {@code %+1} as an escape. */
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  /** Undecoded, so that a malformed parameter that nobody reads is ignored, like any unknown one. */
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  QueryString(String raw) {
    for (String pair : raw.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      String[] parts = pair.split("=", 2);
      values
          .computeIfAbsent(decode(parts[0]).orElse(parts[0]), it -> new ArrayList<>())
          .add(parts.length == 1 ? "" : parts[1]);
    }
  }

  /**
   * Returns the decoded value of a parameter; empty if it is not given.
   *
   * @throws Failure {@code INVALID} when it is given twice, too long, or not percent-encoded UTF-8
   */
  Optional<String> value(String name) {
    List<String> given = values.getOrDefault(name, List.of());
    if (given.isEmpty()) {
      return Optional.empty();
    }
    if (given.size() > 1) {
      throw Failure.invalidParameter(name, "is given more than once");
    }
    String value = decode(given.get(0))
        .orElseThrow(() -> Failure.invalidParameter(name, "is not percent-encoded UTF-8"));
    if (value.length() > MAX_VALUE_LENGTH) {
      throw Failure.invalidParameter(
          name, "is longer than %,d characters".formatted(MAX_VALUE_LENGTH));
    }
    return Optional.of(value);
  }

  /** Whether the query has only parameters that are known. */
  boolean hasOnly(Set<String> known) {
    return known.containsAll(values.keySet());
  }

  /** Throws {@code INVALID} with all parameters that are not known, in the order of the query. */
  void requireKnown(Set<String> known) {
    List<ParameterError> unknown = values.keySet().stream()
        .filter(name -> !known.contains(name))
        .map(name -> new ParameterError(name, "is not known; " + advice(name, known)))
        .toList();
    if (!unknown.isEmpty()) {
      throw Failure.invalidParameters(unknown);
    }
  }

  private static String advice(String name, Set<String> known) {
    return SimilarNames.of(name, known)
        .map("did you mean %s?"::formatted)
        .orElseGet(() -> known.isEmpty()
            ? "this call has no parameters"
            : "the parameters are " + String.join(", ", new TreeSet<>(known)));
  }

  private static Optional<String> decode(String encoded) {
    if (BROKEN_ESCAPE.matcher(encoded).find()) {
      return Optional.empty();
    }
    // URLDecoder replaces malformed UTF-8. Latin-1 has a character for each byte, so all bytes
    // pass.
    String bytes = new String(encoded.getBytes(UTF_8), ISO_8859_1);
    byte[] decoded = URLDecoder.decode(bytes, ISO_8859_1).getBytes(ISO_8859_1);
    try {
      return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(decoded)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
