package io.fleetwell.bench.fleet;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** Which devices act in which second; each has one time or none. What is after the end is forgotten. */
final class Calendar {
  private static final int NONE = -1;

  private final int[] first;
  private final int[] next;
  private final int[] count;

  Calendar(int devices, int seconds) {
    this.first = new int[seconds];
    this.next = new int[devices];
    this.count = new int[seconds];
    Arrays.fill(first, NONE);
  }

  void add(int device, int second) {
    if (second < first.length) {
      next[device] = first[second];
      first[second] = device;
      count[second]++;
    }
  }

  int count(int second) {
    return count[second];
  }

  /** Gives each device of a second to whoever acts for it, which may give it a later one. */
  void forEach(int second, IntConsumer action) {
    int device = first[second];
    while (device != NONE) {
      int following = next[device];
      action.accept(device);
      device = following;
    }
  }
}
