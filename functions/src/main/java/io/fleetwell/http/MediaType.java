package io.fleetwell.http;

import java.util.Locale;

/** The value of a {@code Content-Type}. */
public final class MediaType {
  private MediaType() {}

  /** The type without parameters, in lower case: {@code text/plain} for {@code Text/Plain; charset=utf-8}. */
  public static String essence(String contentType) {
    int semicolon = contentType.indexOf(';');
    return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
