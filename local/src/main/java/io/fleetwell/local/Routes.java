package io.fleetwell.local;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the route of a call as an HTTP API does: a literal segment wins over a {@code {variable}}. */
public final class Routes<T> {
  private final List<Pattern<T>> patterns;

  private Routes(List<Pattern<T>> patterns) {
    this.patterns = patterns;
  }

  /** Routes by key, such as {@code GET /v1/devices/{deviceid}}. */
  public static <T> Routes<T> of(Map<String, T> targets) {
    List<Pattern<T>> patterns = new ArrayList<>();
    targets.forEach((key, target) -> patterns.add(Pattern.of(key, target)));
    patterns.sort(Comparator.comparing(Pattern::specificity));
    return new Routes<>(List.copyOf(patterns));
  }

  /**
   * The route of a call.
   *
   * @param pathParameters decoded once
   */
  public record Match<T>(String key, T target, Map<String, String> pathParameters) {}

  /** The route of a raw path, which is not decoded; empty if there is none. */
  public Optional<Match<T>> find(String method, String rawPath) {
    List<String> segments = segments(rawPath);
    return patterns.stream()
        .filter(pattern -> pattern.method().equals(method) && pattern.matches(segments))
        .findFirst()
        .map(pattern -> new Match<>(pattern.key(), pattern.target(), pattern.variables(segments)));
  }

  private static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }

  private record Pattern<T>(String key, String method, List<String> segments, T target) {
    static <T> Pattern<T> of(String key, T target) {
      int space = key.indexOf(' ');
      return new Pattern<>(
          key, key.substring(0, space), Routes.segments(key.substring(space + 1)), target);
    }

    /** Sorts literal segments before variables, from the left. */
    String specificity() {
      StringBuilder order = new StringBuilder();
      segments.forEach(segment -> order.append(isVariable(segment) ? '1' : '0'));
      return order.toString();
    }

    boolean matches(List<String> path) {
      if (path.size() != segments.size()) {
        return false;
      }
      for (int i = 0; i < path.size(); i++) {
        boolean fits = isVariable(segments.get(i))
            ? !path.get(i).isEmpty()
            : segments.get(i).equals(path.get(i));
        if (!fits) {
          return false;
        }
      }
      return true;
    }

    Map<String, String> variables(List<String> path) {
      Map<String, String> variables = new LinkedHashMap<>();
      for (int i = 0; i < path.size(); i++) {
        String segment = segments.get(i);
        if (isVariable(segment)) {
          variables.put(segment.substring(1, segment.length() - 1), decode(path.get(i)));
        }
      }
      return variables;
    }

    private static boolean isVariable(String segment) {
      return segment.startsWith("{");
    }
  }

  /** Percent-decodes a path, where a plus stays a plus. A path with invalid encoding is returned as it is. */
  static String decode(String raw) {
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return raw;
    }
  }
}
