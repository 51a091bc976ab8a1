package io.fleetwell.firmware;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.artifact.versioning.ComparableVersion;

/**
 * A firmware version, ordered as people expect: {@code 1.2.10} after {@code 1.2.9}, {@code 2.0} equal to {@code 2.0.0},
 * {@code 1.0.0-rc1} before {@code 1.0.0}. A leading {@code v} and build metadata ({@code +…}) say nothing of the order.
 */
public final class Version implements Comparable<Version> {
  static final int MAX_LENGTH = 64;

  private static final Pattern SYNTAX = Pattern.compile(
      "[vV]?([0-9]++(?:\\.[0-9]++)*+)([0-9A-Za-z]*(?:[._-][0-9A-Za-z]+)*)(?:\\+[0-9A-Za-z.-]+)?");

  /** A word, if there is one, and the numbers after it, if there are any. */
  private static final Pattern QUALIFIER =
      Pattern.compile("([a-z]*)[._-]?((?:[0-9]+(?:[._-][0-9]+)*)?)");

  /** What a letter stands for when a number follows it, as in {@code 1.2.3b4}. */
  private static final Map<String, String> LETTERS =
      Map.of("a", "alpha", "b", "beta", "m", "milestone");

  /** Words that ComparableVersion does not know, and would put after the release that they come before. */
  private static final Set<String> BEFORE_RELEASE =
      Set.of("canary", "dev", "ea", "nightly", "pre", "preview");

  /** Words that say no more than that this is the version itself. */
  private static final Set<String> RELEASE_WORDS = Set.of("ga", "final", "release");

  private static final Pattern ZERO = Pattern.compile("[0._-]*");

  /** ComparableVersion strips them but from zero itself, and so puts a zero of ten digits after a zero of one. */
  private static final Pattern LEADING_ZEROS = Pattern.compile("(?<![0-9])0+(?=[0-9])");

  private final String text;
  private final ComparableVersion comparable;

  private Version(String text, ComparableVersion comparable) {
    this.text = text;
    this.comparable = comparable;
  }

  /** The version that a text names; empty if it names none. */
  public static Optional<Version> parse(String text) {
    var matcher = SYNTAX.matcher(text);
    if (text.length() > MAX_LENGTH || !matcher.matches()) {
      return Optional.empty();
    }
    String shaped = shaped(matcher.group(1), matcher.group(2).toLowerCase(Locale.ROOT));
    return Optional.of(new Version(text, new ComparableVersion(shaped)));
  }

  /**
   * The same version in a shape in which ComparableVersion is a total order: numbers with dots between, then, each after
   * a hyphen, words and rows of numbers that are not all zero. In other shapes it goes in circles: {@code 1 < 1.build.5 <
   * 1-rc < 1}. The 1 at the start is there since {@code 0-2} would have the same canonical text as {@code 2}.
   */
  private static String shaped(String numbers, String qualifiers) {
    StringBuilder shaped = new StringBuilder("1.").append(withoutLeadingZeros(numbers));
    Matcher qualifier = QUALIFIER.matcher(qualifiers);
    while (qualifier.find()) {
      String row = qualifier.group(2);
      String word = qualifier.group(1);
      word = row.isEmpty() ? word : LETTERS.getOrDefault(word, word);
      if (BEFORE_RELEASE.contains(word)) {
        shaped.append("-alpha");
      }
      if (!word.isEmpty() && !RELEASE_WORDS.contains(word)) {
        shaped.append('-').append(word);
      }
      if (!ZERO.matcher(row).matches()) {
        shaped.append('-').append(withoutLeadingZeros(row.replace('-', '.').replace('_', '.')));
      }
    }
    return shaped.toString();
  }

  private static String withoutLeadingZeros(String numbers) {
    return LEADING_ZEROS.matcher(numbers).replaceAll("");
  }

  /** One text for all ways to write this version: equal exactly for versions that compare equal. */
  String canonical() {
    return comparable.getCanonical();
  }

  @Override
  public int compareTo(Version other) {
    return comparable.compareTo(other.comparable);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Version version && canonical().equals(version.canonical());
  }

  @Override
  public int hashCode() {
    return canonical().hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
