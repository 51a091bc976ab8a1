package io.fleetwell.firmware;

import io.fleetwell.device.Device;
import io.fleetwell.failure.Failure;
import java.util.Optional;

/**
 * What is known of a device that asks for firmware: what the query says and, for what it leaves out, what the device's
 * record says. An empty parameter counts as left out.
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

  FirmwareCheck completedFrom(Device device) {
    return new FirmwareCheck(
        deviceType.or(() -> device.text("devicetype").filter(ProductLine::isDeviceType)),
        region.or(() -> device.text("region").filter(ProductLine::isRegion)),
        version.or(() -> device.text("versioninfo", "firmware")),
        serial.or(() -> device.text("serial")),
        test);
  }

  /** Where no region is known, only firmware for every region will do. */
  ProductLine line() {
    String type = deviceType.orElseThrow(
        () -> Failure.invalid(
            "It is not known what type of device this is: give the parameter devicetype, or put it into the device's details."));
    return new ProductLine(type, region.orElse(ProductLine.EVERY_REGION));
  }

  /** A version that cannot be read is as good as none: the device is offered what it would be without one. */
  Optional<Version> installed() {
    return version.flatMap(Version::parse);
  }
}
