package io.fleetwell.http;

import java.util.Locale;

/** What a {@code Content-Type} says. */
public final class MediaType {
  private MediaType() {}

  /** The type and subtype alone, in lower case: {@code text/plain} of {@code Text/Plain; charset=utf-8}. */
  public static String essence(String contentType) {
    int semicolon = contentType.indexOf(';');
    return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
