package io.fleetwell.firmware;

import com.google.re2j.Pattern;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * An operator's pattern of serial numbers, in RE2's syntax. Most say how a serial number begins and no more, as {@code
 * SN12.*} does. That is told without stepping through RE2's program, which would be a twelfth of a firmware check.
 *
 * @param beginning all that the pattern asks for, if it is how a serial number begins
 */
public record SerialPattern(Pattern re2, Optional<String> beginning) {
  private static final java.util.regex.Pattern BEGINNING =
      java.util.regex.Pattern.compile("([A-Za-z0-9_-]+)\\.\\*");

  /**
   * The pattern that a text is.
   *
   * @throws com.google.re2j.PatternSyntaxException if it is not RE2 syntax
   */
  public static SerialPattern compile(String regex) {
    Matcher matcher = BEGINNING.matcher(regex);
    return new SerialPattern(
        Pattern.compile(regex),
        matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty());
  }

  /** Whether it matches the whole of a serial number. */
  boolean matches(String serial) {
    return beginning.isPresent()
        // RE2's dot stands for whatever is not a line feed.
        ? serial.startsWith(beginning.get()) && serial.indexOf('\n') < 0
        : re2.matches(serial);
  }

  /** As it was written. */
  String regex() {
    return re2.pattern();
  }

  /** The instructions of its program, each of which may be tried at each character of a serial number. */
  int programSize() {
    return re2.programSize();
  }
}
