package io.fleetwell.firmware;

import io.fleetwell.device.DeviceFacts;
import io.fleetwell.failure.Failure;
import io.fleetwell.ids.ComparedText;
import java.util.Optional;

/**
 * What is known about a device that asks for firmware. The query says it or, for what the query omits, the device's
 * record.
 *
 * @param deviceType as {@link ComparedText}, like the region and the serial number
 */
record FirmwareCheck(
    Optional<String> deviceType,
    Optional<String> region,
    Optional<ParsedVersion> version,
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
        deviceType.or(() -> facts.compared("devicetype").filter(ProductLine::isDeviceType)),
        region.or(() -> facts.compared("region").filter(ProductLine::isRegion)),
        version.or(() -> facts.text("versioninfo", "firmware").map(Version::parse)),
        serial.or(() -> facts.compared("serial")),
        test);
  }

  /** Without a known region, only firmware for every region applies. */
  ProductLine line() {
    String type = deviceType.orElseThrow(() -> Failure.invalidParameter(
        "devicetype",
        "is neither in the query nor in the details of the device: put it into one of them"));
    return new ProductLine(type, region.orElse(ProductLine.EVERY_REGION));
  }

  /**
   * The installed version; empty if it is unknown.
   *
   * @throws java.util.NoSuchElementException if it is {@link #unreadable}, which must never count as unknown
   */
  Optional<Version> installed() {
    return version.map(it -> it.readable().orElseThrow());
  }

  /** The installed version if it cannot be read. Then no firmware is known to be newer. */
  Optional<UnreadableVersion> unreadable() {
    return version.filter(UnreadableVersion.class::isInstance).map(UnreadableVersion.class::cast);
  }
}
