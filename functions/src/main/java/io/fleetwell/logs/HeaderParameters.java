package io.fleetwell.logs;

import java.util.Optional;
import java.util.regex.Pattern;

/** The parameters of a header such as {@code Content-Type}: {@code ; name=value} or {@code ; name="value"}. */
final class HeaderParameters {
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  private HeaderParameters() {}

  /**
   * Returns the value of a parameter. The name has any case. In quotes, a backslash escapes the next character. Quotes that
   * do not end are part of the value. If the parameter is given several times, the last one counts: curl adds its own
   * boundary after the one that a user sets.
   */
  static Optional<String> last(String header, String name) {
    Optional<String> value = Optional.empty();
    int start = 0;
    while (start < header.length()) {
      int end = endOf(header, start);
      String parameter = header.substring(start, end);
      int equals = parameter.indexOf('=');
      if (equals >= 0 && parameter.substring(0, equals).strip().equalsIgnoreCase(name)) {
        value = Optional.of(unquoted(parameter.substring(equals + 1).strip()));
      }
      start = end + 1;
    }
    return value;
  }

  /** Returns where a parameter ends: at a semicolon outside quotes, or with the header. */
  private static int endOf(String header, int start) {
    boolean quoted = false;
    for (int i = start; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ';' && !quoted) {
        return i;
      }
    }
    return header.length();
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted
        ? ESCAPED.matcher(value.substring(1, value.length() - 1)).replaceAll("$1")
        : value;
  }
}
