package io.fleetwell.firmware;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.fleetwell.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Limits the size of operators' patterns for serial numbers. For each character of a serial number, RE2 takes time in
 * proportion to the instructions of a pattern's program. A check may have to try every pattern of its product line.
 */
final class SerialPatternLimits {
  private static final int MAX_LENGTH = 512;

  static final int MAX_INSTRUCTIONS = 600;

  /** Of all different patterns of one product line together. */
  static final int MAX_INSTRUCTIONS_IN_LINE = 2_500;

  /** A repetition, as in <code>{4}</code> and <code>{2,8}</code>. RE2 itself refuses larger numbers. */
  private static final Pattern REPETITION = Pattern.compile("\\{([0-9]{1,4})(?:,([0-9]{0,4}))?\\}");

  /** A flag for letters of either case, as in <code>(?i)</code>. */
  private static final Pattern EITHER_CASE = Pattern.compile("\\(\\?[A-Za-z-]*i");

  /** A character that is given by its number. */
  private static final Pattern BY_NUMBER = Pattern.compile("\\\\x\\{");

  private SerialPatternLimits() {}

  /** What is wrong with a pattern, in words for its operator; empty if it can be used. */
  static Optional<String> faultOf(String regex) {
    if (regex.isEmpty() || regex.length() > MAX_LENGTH) {
      return Optional.of("must be a regular expression of 1 to 512 characters");
    }
    if (foldsBeyondAscii(regex)) {
      return Optional.of(
          "must be ASCII if it has a flag i: without the flag, write other letters in both cases");
    }
    try {
      return isTooLarge(regex)
          ? Optional.of("is too large: with its repetitions written out, it has more than %d steps"
              .formatted(MAX_INSTRUCTIONS))
          : Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of("is not RE2 syntax, which has neither backreferences nor lookaround: "
          + e.getDescription());
    }
  }

  /**
   * Whether a pattern might make RE2/J look for other cases of letters outside ASCII. Version 1.8 never ends at nine of
   * them, U+1C80 to U+1C88, because their other cases do not lead back to them. Any range beyond ASCII may hold them.
   */
  private static boolean foldsBeyondAscii(String regex) {
    boolean beyond =
        regex.chars().anyMatch(c -> c > '~') || BY_NUMBER.matcher(regex).find();
    return beyond && EITHER_CASE.matcher(regex).find();
  }

  /**
   * Whether a pattern's program is too large. RE2 writes repetitions out before it counts instructions, and a few nested
   * ones exhaust the memory. So they are added one by one: the sizes for one and for two repetitions give that for all.
   */
  private static boolean isTooLarge(String regex) {
    Matcher repetition = REPETITION.matcher(regex);
    while (repetition.find()) {
      String before = regex.substring(0, repetition.start());
      String after = REPETITION.matcher(regex.substring(repetition.end())).replaceAll("{1}");
      String two = repetition.group(2) == null ? "{2}" : "{1,2}";
      long once = Pattern.compile(before + "{1}" + after).programSize();
      long twice = Pattern.compile(before + two + after).programSize();
      long times = Math.max(number(repetition.group(1)), number(repetition.group(2)));
      if (once + (times - 1) * (twice - once) > MAX_INSTRUCTIONS) {
        return true;
      }
    }
    return Pattern.compile(regex).programSize() > MAX_INSTRUCTIONS;
  }

  private static int number(@Nullable String digits) {
    return digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  /**
   * Requires that the patterns of a product line stay within the limit with one more firmware. Those of firmware with an
   * unreadable version are never tried, so they do not count. Two publications at the same moment may exceed the limit by
   * one pattern.
   *
   * @param line the published firmware of the product line
   * @throws Failure {@code TOO_MANY_PATTERNS}
   */
  static void requireRoom(Firmware firmware, List<Firmware> line) {
    int instructions = Stream.concat(line.stream(), Stream.of(firmware))
        .filter(it -> it.version().readable().isPresent())
        .flatMap(it -> it.serialPattern().stream())
        .distinct()
        .mapToInt(SerialPattern::programSize)
        .sum();
    if (instructions > MAX_INSTRUCTIONS_IN_LINE) {
      throw Failure.of(
          FirmwareFailures.TOO_MANY_PATTERNS,
          "With this serial-regex, the patterns of this devicetype and region would have %,d steps, and the limit is %,d: withdraw firmware that is no longer needed, or use fewer or shorter patterns."
              .formatted(instructions, MAX_INSTRUCTIONS_IN_LINE));
    }
  }
}
