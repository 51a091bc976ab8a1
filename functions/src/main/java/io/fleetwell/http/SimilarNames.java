package io.fleetwell.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds the name that a caller probably meant. */
final class SimilarNames {
  /** One mistake is likely in a name of up to this length, two in one of twice the length, and so on. */
  private static final int LENGTH_PER_MISTAKE = 3;

  private SimilarNames() {}

  /** The known name that is similar to a given one, without regard to case; empty if none or several are. */
  static Optional<String> of(String given, Set<String> known) {
    String lowerCase = given.toLowerCase(Locale.ROOT);
    List<String> similar = known.stream()
        .filter(
            name -> distance(lowerCase, name) <= Math.max(1, name.length() / LENGTH_PER_MISTAKE))
        .toList();
    return similar.size() == 1 ? Optional.of(similar.get(0)) : Optional.empty();
  }

  /**
   * The number of letters to insert, delete or replace, or of neighbours to swap, that turns one text into the other (the
   * optimal string alignment distance).
   */
  private static int distance(String from, String to) {
    int[][] distances = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        distances[i][j] = distance(from, to, i, j, distances);
      }
    }
    return distances[from.length()][to.length()];
  }

  /** The distance of the first {@code i} letters to the first {@code j}, from those of shorter beginnings. */
  private static int distance(String from, String to, int i, int j, int[][] shorter) {
    if (i == 0 || j == 0) {
      return i + j;
    }
    int replaced = shorter[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
    int least = Math.min(replaced, 1 + Math.min(shorter[i - 1][j], shorter[i][j - 1]));
    boolean swapped = i > 1
        && j > 1
        && from.charAt(i - 1) == to.charAt(j - 2)
        && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, shorter[i - 2][j - 2] + 1) : least;
  }
}
