package io.fleetwell.aws;

import io.fleetwell.failure.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A kind of item, as this release knows it. Two releases run side by side during a deployment, and read and change each
 * other's items:
 *
 * <ul>
 *   <li>A change keeps the attributes that this release does not know.
 *   <li>An item whose {@code format} is higher than this release knows is left out. A later release raises it if nothing may
 *       happen without regard to what is new in the item. Without the attribute, the format is 1.
 *   <li>In a list, an item that cannot be read is logged and left out.
 * </ul>
 *
 * @param id the attribute that names an item in the log; never one with a user's id
 * @param attributes all attributes that this release knows
 * @param reader reads an item; any exception means that it cannot be read
 */
public record ItemType<T>(
    String id, Set<String> attributes, Function<Map<String, AttributeValue>, T> reader) {
  private static final String FORMAT = "format";
  private static final AttributeValue KNOWN_FORMAT = Attributes.number(1);

  public ItemType {
    attributes = Set.copyOf(attributes);
  }

  /** Whether an item has a format that this release does not know. */
  private boolean isOfLaterRelease(Map<String, AttributeValue> item) {
    return item.containsKey(FORMAT) && !item.get(FORMAT).equals(KNOWN_FORMAT);
  }

  /** Whether a later release wrote something of an item that this release does not know. */
  public boolean hasUnknown(Map<String, AttributeValue> item) {
    return isOfLaterRelease(item) || !attributes.containsAll(item.keySet());
  }

  /** Reads an item that decides; empty for one of a later release. Any exception of the reader passes. */
  public Optional<T> read(Map<String, AttributeValue> item) {
    return isOfLaterRelease(item) ? Optional.empty() : Optional.of(reader.apply(item));
  }

  /** Reads an item of a list; empty for one of a later release, and for one that cannot be read. */
  public Optional<T> readOfList(Map<String, AttributeValue> item, EventLog log) {
    return log.readable("%s=%s".formatted(id, item.get(id)), () -> read(item));
  }

  /** Reads the items of a list, as {@link #readOfList} does. */
  public Stream<T> readAll(List<Map<String, AttributeValue>> items, EventLog log) {
    return items.stream().flatMap(item -> readOfList(item, log).stream());
  }

  /**
   * Returns the next state of an item, which keeps what this release does not know of the present one.
   *
   * @param known all attributes of the next state that this release knows
   * @throws Failure {@code UNAVAILABLE} if a later release wrote the item: only that release may change it
   */
  public Map<String, AttributeValue> next(
      Optional<Map<String, AttributeValue>> present, Map<String, AttributeValue> known) {
    if (!attributes.containsAll(known.keySet())) {
      throw new IllegalArgumentException("not an attribute of this type: " + known.keySet());
    }
    if (present.filter(this::isOfLaterRelease).isPresent()) {
      throw Failure.unavailable(new IllegalStateException("a later release wrote the item"));
    }
    Map<String, AttributeValue> next = new HashMap<>(present.orElseGet(Map::of));
    next.keySet().removeAll(attributes);
    next.putAll(known);
    return next;
  }
}
