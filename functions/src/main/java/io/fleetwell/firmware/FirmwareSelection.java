package io.fleetwell.firmware;

import java.util.Locale;
import java.util.Optional;

/**
 * Selects firmware by the parameters of an operator's request. An omitted parameter selects all. The case of a region makes no
 * difference, and {@code *} selects only itself.
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

  boolean includesVersionAndTestOf(Firmware firmware) {
    return matches(version, firmware.version()) && matches(test, firmware.test());
  }

  /** Whether it includes this firmware of an included product line. */
  boolean includes(Firmware firmware) {
    return includesVersionAndTestOf(firmware)
        && matches(
            serialRegex, firmware.serialPattern().map(SerialPattern::regex).orElse(""));
  }

  private static <T> boolean matches(Optional<? extends T> wanted, T actual) {
    return wanted.isEmpty() || wanted.get().equals(actual);
  }
}
