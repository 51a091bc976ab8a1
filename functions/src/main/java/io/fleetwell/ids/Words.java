package io.fleetwell.ids;

import java.util.Locale;

/** The names of enum values in responses, stored items and logs: {@code key-added} for {@code KEY_ADDED}. */
public final class Words {
  private Words() {}

  public static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
