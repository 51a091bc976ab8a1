package io.fleetwell.ids;

import java.util.Locale;

/** The written form of enum values, in answers, stored items and logs: {@code key-added} for {@code KEY_ADDED}. */
public final class Words {
  private Words() {}

  public static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the value that a word stands for.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static <E extends Enum<E>> E parse(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
