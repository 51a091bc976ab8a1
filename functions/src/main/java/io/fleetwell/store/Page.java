package io.fleetwell.store;

import java.util.List;

/**
 * A part of a list.
 *
 * @param items in the list's order; there is at least one unless the list is at its end
 * @param more whether there are items after the last of these
 */
public record Page<T>(List<T> items, boolean more) {
  public Page {
    items = List.copyOf(items);
  }
}
