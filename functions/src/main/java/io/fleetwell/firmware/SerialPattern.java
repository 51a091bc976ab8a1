package io.fleetwell.firmware;

import com.google.re2j.Pattern;

/** An operator's pattern for serial numbers, in RE2's syntax. */
public record SerialPattern(Pattern re2) {
  /**
   * Compiles a pattern.
   *
   * @throws com.google.re2j.PatternSyntaxException if it is not RE2 syntax
   */
  public static SerialPattern compile(String regex) {
    return new SerialPattern(Pattern.compile(regex));
  }

  /** Whether it matches a whole serial number. */
  boolean matches(String serial) {
    return re2.matches(serial);
  }

  /** The pattern as the operator wrote it. */
  String regex() {
    return re2.pattern();
  }

  /** The number of its instructions, each of which may be tried at each character of a serial number. */
  int programSize() {
    return re2.programSize();
  }
}
