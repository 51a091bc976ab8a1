package io.fleetwell.firmware;

/**
 * A number or a word of a version. Tokens are ordered by rank, then numbers by value and words by alphabet.
 *
 * @param text a number without leading zeros, or a word in lower case
 */
record VersionToken(Rank rank, String text) implements Comparable<VersionToken> {
  /** After the last token of every version. */
  static final VersionToken END = new VersionToken(Rank.END, "");

  /** The kinds of tokens, the lowest first. */
  enum Rank {
    /** The first word that marks a pre-release, such as {@code rc}. */
    PRE_RELEASE,
    END,
    /** A number that follows the base. */
    NUMBER,
    /** One letter directly on the base, as in {@code 1.2.3a}. */
    LETTER,
    /** A word for what comes after the release, such as {@code hotfix}. */
    POST_RELEASE,
    /** Any word after the first one of a pre-release. */
    LATER_WORD,
    /** A number of the base. It is the highest rank, so a longer base is later than any version with a shorter one. */
    BASE
  }

  @Override
  public int compareTo(VersionToken other) {
    int byRank = rank.compareTo(other.rank);
    if (byRank != 0) {
      return byRank;
    }
    int byDigits = isNumber() ? Integer.compare(text.length(), other.text.length()) : 0;
    return byDigits != 0 ? byDigits : text.compareTo(other.text);
  }

  private boolean isNumber() {
    return rank == Rank.NUMBER || rank == Rank.BASE;
  }
}
