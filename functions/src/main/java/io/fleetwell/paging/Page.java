package io.fleetwell.paging;

import java.util.List;
import java.util.function.Function;

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

  /**
   * Returns a page of what a query found. The query asks for one item more than the page has, which shows whether there
   * is a further page.
   *
   * @param limit the most items on the page
   * @param unread whether the query ended before it had read everything
   */
  public static <T> Page<T> of(List<T> found, int limit, boolean unread) {
    return new Page<>(found.stream().limit(limit).toList(), found.size() > limit || unread);
  }

  public <R> Page<R> map(Function<T, R> change) {
    return new Page<>(items.stream().map(change).toList(), more);
  }

  /** The last item of a page that has one. */
  public T last() {
    return items.get(items.size() - 1);
  }
}
