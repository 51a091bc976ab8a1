package io.fleetwell.firmware;

import io.fleetwell.firmware.VersionToken.Rank;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A word of a version in lower case, such as {@code rc}, with the numbers that follow it. */
final class VersionWord {
  private static final Map<String, String> SYNONYMS = Map.of("cr", "rc", "hf", "hotfix");

  /** What a letter means if it has a number, as in {@code 1.2.3b4}. */
  private static final Map<String, String> LETTERS =
      Map.of("a", "alpha", "b", "beta", "m", "milestone", "p", "patch", "r", "rev", "u", "update");

  /** Words that mark the release itself, unless they have a number. */
  private static final Set<String> RELEASE = Set.of("final", "ga", "release", "stable");

  /** Words for what comes after a release. */
  private static final Set<String> POST_RELEASE =
      Set.of("build", "fix", "hotfix", "patch", "post", "rel", "rev", "sp", "update");

  /** Words that have a place in the order only with a number, such as {@code build7}. */
  private static final Set<String> NEED_NUMBER = Set.of("build", "post", "rel", "rev");

  /** The words for a pre-release that need no separator before them. */
  private static final Set<String> DIRECT_PRE_RELEASE =
      Set.of("alpha", "beta", "dev", "milestone", "pre", "rc");

  private final String text;
  private final boolean direct;
  private final List<String> numbers = new ArrayList<>();

  /** How many of the numbers belong to the word. The others are git describe's counts of commits. */
  private int own;

  /**
   * A word without numbers.
   *
   * @param direct whether it stands on the last number of the base, without a separator
   */
  VersionWord(String text, boolean direct) {
    this.text = text;
    this.direct = direct;
  }

  void add(String number) {
    numbers.add(number);
    own++;
  }

  /** Marks the last number as git describe's count of commits. */
  void lastNumberCountsCommits() {
    own--;
  }

  List<String> numbers() {
    return List.copyOf(numbers);
  }

  private boolean hasNumber() {
    return own > 0;
  }

  private boolean isLetterAlone() {
    return text.length() == 1 && !hasNumber();
  }

  /** The word without abbreviation. */
  String name() {
    String name = SYNONYMS.getOrDefault(text, text);
    return hasNumber() ? LETTERS.getOrDefault(name, name) : name;
  }

  /** Whether it only says that this is the release, such as {@code final}. It then makes no difference in the order. */
  boolean isRelease() {
    return RELEASE.contains(name()) && !hasNumber();
  }

  /** The rank of the word where no word for a pre-release is before it. */
  Rank rank() {
    if (isLetterAlone()) {
      return Rank.LETTER;
    }
    return isAfterRelease() ? Rank.POST_RELEASE : Rank.PRE_RELEASE;
  }

  private boolean isAfterRelease() {
    return POST_RELEASE.contains(name()) || RELEASE.contains(name());
  }

  /** Why the word has no certain place in the order, if no word for a pre-release is before it; empty if it has one. */
  Optional<String> fault() {
    if (isLetterAlone()) {
      return direct
          ? Optional.empty()
          : Optional.of(
              "has the part %s, which may mean before or after the release: write a word, or add a number"
                  .formatted(text));
    }
    if (direct && !isAfterRelease() && !DIRECT_PRE_RELEASE.contains(name())) {
      return Optional.of(
          "has %s directly on a number, where only a single letter or a known word such as rc can stand: put a hyphen between them if it is a pre-release"
              .formatted(text));
    }
    return NEED_NUMBER.contains(name()) && !hasNumber()
        ? Optional.of("has the word %s without a number: add one".formatted(text))
        : Optional.empty();
  }
}
