package io.fleetwell.paging;

import java.util.List;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param items in the order of the list; not empty unless the list ends here
 * @param more whether further items follow
 */
public record Page<T>(List<T> items, boolean more) {
  public Page {
    items = List.copyOf(items);
  }

  /** The limit of the query for a page: one item more than the page has shows whether there is a further page. */
  public static int queryLimit(int limit) {
    return limit + 1;
  }

  /**
   * Returns the page of the items that a query with {@link #queryLimit} found.
   *
   * @param limit the most items on the page
   * @param unread whether the query ended early
   */
  public static <T> Page<T> of(List<T> found, int limit, boolean unread) {
    return new Page<>(found.stream().limit(limit).toList(), found.size() > limit || unread);
  }

  public <R> Page<R> map(Function<T, R> change) {
    return new Page<>(items.stream().map(change).toList(), more);
  }

  /** The first items, at least one, as a page of their own. */
  public Page<T> first(int count) {
    return new Page<>(items.subList(0, count), more || count < items.size());
  }

  public T last() {
    return items.get(items.size() - 1);
  }
}
