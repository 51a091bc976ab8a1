package io.fleetwell.firmware;

import io.fleetwell.device.DeviceFacts;
import io.fleetwell.failure.Failure;
import java.util.Optional;

/**
 * What is known about a device that asks for firmware. The query says it or, for what the query omits, the device's
 * record. An empty parameter counts as omitted.
 */
record FirmwareCheck(
    Optional<String> deviceType,
    Optional<String> region,
    Optional<String> version,
    Optional<String> serial,
    boolean test) {
  boolean isComplete() {
    return deviceType.isPresent()
        && region.isPresent()
        && version.isPresent()
        && serial.isPresent();
  }

  FirmwareCheck completedFrom(DeviceFacts facts) {
    return new FirmwareCheck(
        deviceType.or(() -> facts.text("devicetype").filter(ProductLine::isDeviceType)),
        region.or(() -> facts.text("region").filter(ProductLine::isRegion)),
        version.or(() -> facts.text("versioninfo", "firmware")),
        serial.or(() -> facts.text("serial")),
        test);
  }

  /** Without a known region, only firmware for every region applies. */
  ProductLine line() {
    String type = deviceType.orElseThrow(
        () -> Failure.invalid(
            "The devicetype is neither in the query nor in the details of the device: put it into one of them."));
    return new ProductLine(type, region.orElse(ProductLine.EVERY_REGION));
  }

  /** An unreadable version counts as unknown. */
  Optional<Version> installed() {
    return version.flatMap(Version::parse);
  }
}
