package io.fleetwell.firmware;

import java.util.Optional;

/** Which firmware the parameters of an operator's request name; what is left out makes no difference. */
record FirmwareSelection(
    Optional<String> deviceType,
    Optional<String> region,
    Optional<Version> version,
    Optional<String> serialRegex,
    Optional<Boolean> test) {

  FirmwareStore.Filter filter() {
    return new FirmwareStore.Filter(deviceType, region, version, test);
  }

  boolean includes(ProductLine line) {
    return admits(deviceType, line.deviceType()) && admits(region, line.region());
  }

  /** Whether this firmware of a product line is meant. */
  boolean includes(Firmware firmware) {
    return admits(version, firmware.version())
        && admits(
            serialRegex, firmware.serialPattern().map(SerialPattern::regex).orElse(""))
        && admits(test, firmware.test());
  }

  private static <T> boolean admits(Optional<T> asked, T actual) {
    return asked.isEmpty() || asked.get().equals(actual);
  }
}
