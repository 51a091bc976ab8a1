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
 * How large operators' patterns of serial numbers may be. For each character of a serial number, RE2 takes time in
 * proportion to the instructions of a pattern's program; and a check may have to try every pattern of its product line.
 */
final class SerialPatternLimits {
  private static final int MAX_LENGTH = 512;

  static final int MAX_INSTRUCTIONS = 600;

  /** Of the different patterns of one product line together. */
  static final int MAX_INSTRUCTIONS_IN_LINE = 2_500;

  /** How often something is repeated, as in <code>{4}</code> and <code>{2,8}</code>. RE2 refuses larger numbers itself. */
  private static final Pattern REPETITION = Pattern.compile("\\{([0-9]{1,4})(?:,([0-9]{0,4}))?\\}");

  /** A flag for letters of either case, as in <code>(?i)</code>, and a character that is named by its number. */
  private static final Pattern EITHER_CASE = Pattern.compile("\\(\\?[A-Za-z-]*i");

  private static final Pattern BY_NUMBER = Pattern.compile("\\\\x\\{");

  private SerialPatternLimits() {}

  /** Why operators may not use a pattern, in words for them; empty if they may. */
  static Optional<String> faultOf(String regex) {
    if (regex.isEmpty() || regex.length() > MAX_LENGTH) {
      return Optional.of("must be a regular expression of 1 to 512 characters");
    }
    if (foldsBeyondAscii(regex)) {
      return Optional.of(
          "may hold ASCII characters alone where it has a flag i; name others in both cases, without the flag");
    }
    try {
      return unfoldsTooFar(regex)
          ? Optional.of(
              "repeats too much: it unfolds to more than %d steps".formatted(MAX_INSTRUCTIONS))
          : Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of("is not RE2 syntax, which has neither backreferences nor lookaround: "
          + e.getDescription());
    }
  }

  /**
   * Whether a pattern might have RE2/J look for other cases of letters outside ASCII. There are nine, U+1C80 to U+1C88, at
   * which version 1.8 never ends: their other cases do not lead back to them. A range has them as soon as it goes beyond.
   */
  private static boolean foldsBeyondAscii(String regex) {
    boolean beyond =
        regex.chars().anyMatch(c -> c > '~') || BY_NUMBER.matcher(regex).find();
    return beyond && EITHER_CASE.matcher(regex).find();
  }

  /**
   * RE2 writes repetitions out before it tells how large a program is, and runs out of memory at a few that are nested.
   * So they are put in one by one, and how much each adds is told from doing it once and twice.
   */
  private static boolean unfoldsTooFar(String regex) {
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
   * Lets a firmware be published beside others, if its pattern is one of theirs or small enough to be tried besides.
   *
   * @param line what is published in its product line
   * @throws Failure {@code TOO_MANY_PATTERNS}
   */
  static void requireRoom(Firmware firmware, List<Firmware> line) {
    int instructions = Stream.concat(line.stream(), Stream.of(firmware))
        .flatMap(it -> it.serialPattern().stream())
        .distinct()
        .mapToInt(SerialPattern::programSize)
        .sum();
    if (instructions > MAX_INSTRUCTIONS_IN_LINE) {
      throw Failure.of(
          FirmwareFailures.TOO_MANY_PATTERNS,
          "With this serial-regex, the different ones of this devicetype and region would unfold to %,d steps, and may to %,d: withdraw firmware that is no longer needed, or say the same in fewer or shorter patterns."
              .formatted(instructions, MAX_INSTRUCTIONS_IN_LINE));
    }
  }
}
