package io.fleetwell.firmware;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.artifact.versioning.ComparableVersion;

/**
 * A firmware version. Versions have the order that people expect: {@code 1.2.10} after {@code 1.2.9}, {@code 2.0} equal to
 * {@code 2.0.0}, {@code 1.0.0-rc1} before {@code 1.0.0}. A leading {@code v} and build metadata ({@code +…}) do not count.
 */
public final class Version implements Comparable<Version> {
  static final int MAX_LENGTH = 64;

  private static final Pattern SYNTAX = Pattern.compile(
      "[vV]?([0-9]++(?:\\.[0-9]++)*+)([0-9A-Za-z]*(?:[._-][0-9A-Za-z]+)*)(?:\\+[0-9A-Za-z.-]+)?");

  /** An optional word and the optional numbers after it. */
  private static final Pattern QUALIFIER =
      Pattern.compile("([a-z]*)[._-]?((?:[0-9]+(?:[._-][0-9]+)*)?)");

  /** What a letter means if a number follows it, as in {@code 1.2.3b4}. */
  private static final Map<String, String> LETTERS =
      Map.of("a", "alpha", "b", "beta", "m", "milestone");

  /** Pre-release words that ComparableVersion does not know. It would sort them after the release. */
  private static final Set<String> BEFORE_RELEASE =
      Set.of("canary", "dev", "ea", "nightly", "pre", "preview");

  /** Words that only mark the release itself. */
  private static final Set<String> RELEASE_WORDS = Set.of("ga", "final", "release");

  private static final Pattern ZERO = Pattern.compile("[0._-]*");

  /** ComparableVersion does not strip them from zero: it sorts a zero of ten digits after a zero of one. */
  private static final Pattern LEADING_ZEROS = Pattern.compile("(?<![0-9])0+(?=[0-9])");

  private final String text;
  private final ComparableVersion comparable;

  private Version(String text, ComparableVersion comparable) {
    this.text = text;
    this.comparable = comparable;
  }

  /** Reads a version; empty if the text is not one. */
  public static Optional<Version> parse(String text) {
    var matcher = SYNTAX.matcher(text);
    if (text.length() > MAX_LENGTH || !matcher.matches()) {
      return Optional.empty();
    }
    String normalized = normalized(matcher.group(1), matcher.group(2).toLowerCase(Locale.ROOT));
    return Optional.of(new Version(text, new ComparableVersion(normalized)));
  }

  /**
   * Rewrites a version to a form for which ComparableVersion is a total order: numbers with dots between, then words and
   * rows of numbers that are not all zero, each after a hyphen. Other forms have cycles: {@code 1 < 1.build.5 < 1-rc < 1}.
   * The 1 at the start keeps {@code 0-2} and {@code 2} apart, which would have the same canonical text.
   */
  private static String normalized(String numbers, String qualifiers) {
    StringBuilder normalized = new StringBuilder("1.").append(withoutLeadingZeros(numbers));
    Matcher qualifier = QUALIFIER.matcher(qualifiers);
    while (qualifier.find()) {
      String row = qualifier.group(2);
      String word = qualifier.group(1);
      word = row.isEmpty() ? word : LETTERS.getOrDefault(word, word);
      if (BEFORE_RELEASE.contains(word)) {
        normalized.append("-alpha");
      }
      if (!word.isEmpty() && !RELEASE_WORDS.contains(word)) {
        normalized.append('-').append(word);
      }
      if (!ZERO.matcher(row).matches()) {
        normalized.append('-').append(withoutLeadingZeros(row.replace('-', '.').replace('_', '.')));
      }
    }
    return normalized.toString();
  }

  private static String withoutLeadingZeros(String numbers) {
    return LEADING_ZEROS.matcher(numbers).replaceAll("");
  }

  /** The same text for all spellings of this version: equal exactly for versions that compare equal. */
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

  /** The version as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
