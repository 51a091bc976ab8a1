package io.fleetwell.firmware;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.maven.artifact.versioning.ComparableVersion;

/**
 * A firmware version, ordered as people expect: {@code 1.2.10} after {@code 1.2.9}, {@code 2.0} equal to {@code 2.0.0},
 * {@code 1.0.0-rc1} before {@code 1.0.0}. A leading {@code v} and build metadata ({@code +…}) say nothing of the order.
 */
public final class Version implements Comparable<Version> {
  static final int MAX_LENGTH = 64;

  private static final Pattern SYNTAX =
      Pattern.compile("[vV]?([0-9][0-9A-Za-z]*(?:[._-][0-9A-Za-z]+)*)(?:\\+[0-9A-Za-z.-]+)?");

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
    return Optional.of(new Version(text, new ComparableVersion(matcher.group(1))));
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
