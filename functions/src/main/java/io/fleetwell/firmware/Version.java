package io.fleetwell.firmware;

import io.fleetwell.firmware.VersionToken.Rank;
import io.fleetwell.ids.ComparedText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A version of firmware. Versions have the order that their users expect: {@code 1.2.10} after {@code 1.2.9}, {@code 2.0}
 * equal to {@code 2.0.0}, {@code 1.0.0-rc1} before {@code 1.0.0}, {@code 1.0.0-hotfix1} after it.
 *
 * <p>A version is a list of tokens, of which zeros at the end of each run of numbers are left out. The order is total
 * because lists are compared token by token, and the tokens have a total order. Versions are equal if all their tokens are.
 */
public final class Version implements ParsedVersion, Comparable<Version> {
  private final String text;
  private final List<VersionToken> tokens;

  Version(String text, List<VersionToken> tokens) {
    this.text = text;
    this.tokens = List.copyOf(tokens);
  }

  /** Reads a version. It is read as {@link ComparedText}. */
  public static ParsedVersion parse(String text) {
    return VersionParser.parse(text);
  }

  @Override
  public Optional<Version> readable() {
    return Optional.of(this);
  }

  /**
   * The same text for all spellings of this version, and another one for every other version. It begins with a letter:
   * the texts of earlier releases, in keys that are still stored, begin with a digit.
   */
  String canonical() {
    return tokens.stream()
        .map(token -> separator(token.rank()) + token.text())
        .collect(Collectors.joining("", "v", ""));
  }

  private static String separator(Rank rank) {
    return switch (rank) {
      case BASE -> ".";
      case LETTER -> "";
      default -> "-";
    };
  }

  @Override
  public int compareTo(Version other) {
    int length = Math.max(tokens.size(), other.tokens.size());
    for (int i = 0; i < length; i++) {
      int order = token(i).compareTo(other.token(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private VersionToken token(int i) {
    return i < tokens.size() ? tokens.get(i) : VersionToken.END;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Version version && tokens.equals(version.tokens);
  }

  @Override
  public int hashCode() {
    return tokens.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
