package io.fleetwell.firmware;

import java.util.ArrayList;
import java.util.List;

/** Checks on given versions that their order is total and agrees with {@code equals}. */
final class VersionOrder {
  private VersionOrder() {}

  /** All pairs and triples that contradict this. */
  static List<String> contradictions(List<Version> versions) {
    int[][] order = versions.stream()
        .map(one -> versions.stream().mapToInt(one::compareTo).toArray())
        .toArray(int[][]::new);
    List<String> wrong = new ArrayList<>();
    for (int a = 0; a < order.length; a++) {
      for (int b = 0; b < order.length; b++) {
        if (Integer.signum(order[a][b]) != -Integer.signum(order[b][a])) {
          wrong.add(versions.get(a) + " compared with " + versions.get(b) + " the other way round");
        }
        if (!agreesWithEquals(versions.get(a), versions.get(b), order[a][b])) {
          wrong.add(versions.get(a) + " equal to " + versions.get(b));
        }
        for (int c = 0; c < order.length && order[a][b] <= 0; c++) {
          boolean strictly = order[a][b] < 0 || order[b][c] < 0;
          if (order[b][c] <= 0 && (strictly ? order[a][c] >= 0 : order[a][c] != 0)) {
            wrong.add(versions.get(a) + ", " + versions.get(b) + ", " + versions.get(c));
          }
        }
      }
    }
    return wrong;
  }

  private static boolean agreesWithEquals(Version one, Version other, int order) {
    boolean equal = order == 0;
    return equal == one.equals(other)
        && equal == one.canonical().equals(other.canonical())
        && (!equal || one.hashCode() == other.hashCode());
  }
}
