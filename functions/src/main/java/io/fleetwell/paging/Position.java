package io.fleetwell.paging;

/**
 * A position in a list, after which a page starts. Each list has a type of its own, which holds nothing that could not be a
 * position of that list.
 */
public interface Position {
  /** The text from which the list reads an equal position. */
  String text();
}
