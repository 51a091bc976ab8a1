package io.fleetwell.bench;

import java.util.List;

/** One part of a run. */
public interface Measurement {
  /** By which {@code ONLY} asks for it. */
  String name();

  /** In a word or two: on what, and how often. */
  String conditions(int rounds);

  /**
   * Takes it, and what it is compared to as well, in turns.
   *
   * @param rounds how many samples of each figure that is no count
   */
  List<Table> measure(int rounds) throws Exception;
}
