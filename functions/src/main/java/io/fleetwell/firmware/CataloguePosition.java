package io.fleetwell.firmware;

import io.fleetwell.paging.Position;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The position of a firmware in the list of all: its device type, region, time of publication in milliseconds since 1970,
 * and the digest of its id.
 */
public record CataloguePosition(String text) implements Position {
  /** Sorts before every character of a device type or region, so that shorter names come first. */
  static final String SEPARATOR = "\t";

  private static final Pattern SYNTAX =
      Pattern.compile("[^\t]{1,128}\t[*A-Za-z0-9_-]{1,32}\t[0-9]{13}\t[A-Za-z0-9_-]{22}");

  /** Throws {@code IllegalArgumentException} unless the text can be a position. */
  public CataloguePosition {
    if (!SYNTAX.matcher(text).matches()) {
      throw new IllegalArgumentException("not a position in the catalogue");
    }
  }

  static CataloguePosition of(Firmware firmware) {
    return new CataloguePosition(String.join(
        SEPARATOR,
        firmware.line().deviceType(),
        firmware.line().region(),
        "%013d".formatted(firmware.published().toEpochMilli()),
        firmware.id().digest()));
  }

  /** Reads a position that a caller sent; empty if no firmware can have it. */
  static Optional<CataloguePosition> parse(String text) {
    return SYNTAX.matcher(text).matches()
        ? Optional.of(new CataloguePosition(text))
        : Optional.empty();
  }

  /** All after the device type. */
  String withinDeviceType() {
    return text.substring(text.indexOf(SEPARATOR) + 1);
  }
}
