package io.fleetwell.firmware;

import io.fleetwell.failure.Failure;
import io.fleetwell.http.Request;
import java.util.Optional;

/** Which firmware the parameters of an operator's request name; what is left out makes no difference. */
record FirmwareSelection(
    Optional<String> deviceType,
    Optional<String> region,
    Optional<Version> version,
    Optional<String> serialRegex,
    Optional<Boolean> test) {

  static FirmwareSelection of(Request request) {
    return new FirmwareSelection(
        request.parameter("devicetype").map(ProductLine::checkDeviceType),
        request.parameter("region").map(ProductLine::checkRegion),
        request.parameter("version").map(FirmwareSelection::version),
        request.parameter("serial-regex"),
        request.flag("test"));
  }

  private static Version version(String text) {
    return Version.parse(text)
        .orElseThrow(() ->
            Failure.invalid("The parameter version must be a version such as 1.2.3 or 1.2.3-rc1."));
  }

  FirmwareStore.Filter filter() {
    return new FirmwareStore.Filter(deviceType, region, version, test);
  }

  boolean includes(ProductLine line) {
    return deviceType.filter(it -> !it.equals(line.deviceType())).isEmpty()
        && region.filter(it -> !it.equals(line.region())).isEmpty();
  }

  /** Within a product line, whether this is one of those that are meant. */
  boolean includes(Firmware firmware) {
    return version.filter(it -> !it.equals(firmware.version())).isEmpty()
        && serialRegex
            .filter(it ->
                !it.equals(firmware.serialPattern().map(SerialPattern::regex).orElse("")))
            .isEmpty()
        && test.filter(it -> it != firmware.test()).isEmpty();
  }
}
