package io.fleetwell.firmware;

import java.util.Locale;
import java.util.Optional;

/**
 * Selects firmware by the parameters of an operator's request. An omitted parameter selects all; a region selects only itself
 * in any case, even {@code *}.
 */
public record FirmwareSelection(
    Optional<String> deviceType,
    Optional<String> region,
    Optional<Version> version,
    Optional<String> serialRegex,
    Optional<Boolean> test) {
  boolean includes(ProductLine line) {
    ProductLine canonical = line.canonical();
    return matches(deviceType, canonical.deviceType())
        && matches(region.map(it -> it.toLowerCase(Locale.ROOT)), canonical.region());
  }

  boolean includes(ParsedVersion version) {
    return matches(this.version, version);
  }

  /** Whether it includes this firmware of an included product line. */
  boolean includes(Firmware firmware) {
    return includes(firmware.version())
        && matches(
            serialRegex, firmware.serialPattern().map(SerialPattern::regex).orElse(""))
        && matches(test, firmware.test());
  }

  private static <T> boolean matches(Optional<? extends T> wanted, T actual) {
    return wanted.isEmpty() || wanted.get().equals(actual);
  }
}
