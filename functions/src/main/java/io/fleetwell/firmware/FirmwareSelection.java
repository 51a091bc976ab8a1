package io.fleetwell.firmware;

import java.util.Optional;

/** Selects firmware by the parameters of an operator's request. An omitted parameter selects all; a region selects only itself, even {@code *}. */
public record FirmwareSelection(
    Optional<String> deviceType,
    Optional<String> region,
    Optional<Version> version,
    Optional<String> serialRegex,
    Optional<Boolean> test) {
  boolean includes(ProductLine line) {
    return matches(deviceType, line.deviceType()) && matches(region, line.region());
  }

  /** Whether it includes this firmware of an included product line. */
  boolean includes(Firmware firmware) {
    return matches(version, firmware.version())
        && matches(
            serialRegex, firmware.serialPattern().map(SerialPattern::regex).orElse(""))
        && matches(test, firmware.test());
  }

  private static <T> boolean matches(Optional<T> wanted, T actual) {
    return wanted.isEmpty() || wanted.get().equals(actual);
  }
}
