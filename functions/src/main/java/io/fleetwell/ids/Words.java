package io.fleetwell.ids;

import java.util.Locale;

/** The names of enum values in responses, stored items and logs: {@code key-added} for {@code KEY_ADDED}. */
public final class Words {
  private Words() {}

  public static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Returns the value with a name; throws {@link IllegalArgumentException} if there is none. */
  public static <E extends Enum<E>> E parse(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
