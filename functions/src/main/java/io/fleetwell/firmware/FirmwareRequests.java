package io.fleetwell.firmware;

import io.fleetwell.device.Device;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.Request;
import java.util.Optional;

/** What the parameters of calls about firmware say. */
final class FirmwareRequests {
  private FirmwareRequests() {}

  /**
   * What a check says of the device.
   *
   * @throws Failure {@code INVALID}
   */
  static FirmwareCheck check(Request request) {
    FirmwareCheck check = new FirmwareCheck(
        given(request, "devicetype").map(ProductLine::checkDeviceType),
        given(request, "region").map(ProductLine::checkRegion),
        given(request, "version"),
        given(request, "serial"),
        request.flag("test").orElse(false));
    if (check.serial().filter(it -> !Device.isSerial(it)).isPresent()) {
      throw Failure.invalid("The parameter serial must be at most %d characters."
          .formatted(Device.MAX_SERIAL_LENGTH));
    }
    return check;
  }

  /** A parameter of a check; an empty one counts as left out. */
  static Optional<String> given(Request request, String parameter) {
    return request.parameter(parameter).filter(value -> !value.isEmpty());
  }

  /**
   * Which firmware an operator's call names.
   *
   * @throws Failure {@code INVALID}
   */
  static FirmwareSelection selection(Request request) {
    return new FirmwareSelection(
        request.parameter("devicetype").map(ProductLine::checkDeviceType),
        request.parameter("region").map(ProductLine::checkRegion),
        request.parameter("version").map(FirmwareRequests::version),
        request.parameter("serial-regex"),
        request.flag("test"));
  }

  private static Version version(String text) {
    return Version.parse(text)
        .orElseThrow(() ->
            Failure.invalid("The parameter version must be a version such as 1.2.3 or 1.2.3-rc1."));
  }
}
