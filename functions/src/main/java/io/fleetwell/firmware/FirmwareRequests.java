package io.fleetwell.firmware;

import io.fleetwell.device.Device;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.Request;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads the parameters of calls about firmware. */
final class FirmwareRequests {
  private static final String SERIAL_RULE =
      "at most %d characters".formatted(Device.MAX_SERIAL_LENGTH);

  private FirmwareRequests() {}

  /** Reads what a check says about the device; throws {@code INVALID}. */
  static FirmwareCheck check(Request request) {
    return new FirmwareCheck(
        given(request, "devicetype").map(FirmwareRequests::deviceType),
        given(request, "region").map(FirmwareRequests::region),
        given(request, "version"),
        given(request, "serial").map(FirmwareRequests::serial),
        request.flag("test").orElse(false));
  }

  /** A parameter of a check; an empty one counts as omitted. */
  static Optional<String> given(Request request, String parameter) {
    return request.parameter(parameter).filter(value -> !value.isEmpty());
  }

  /** Reads which firmware an operator's call selects; throws {@code INVALID}. */
  static FirmwareSelection selection(Request request) {
    return new FirmwareSelection(
        request.parameter("devicetype").map(FirmwareRequests::deviceType),
        request.parameter("region").map(FirmwareRequests::region),
        request.parameter("version").map(FirmwareRequests::version),
        request.parameter("serial-regex"),
        request.flag("test"));
  }

  private static String deviceType(String text) {
    return checked("devicetype", text, ProductLine::isDeviceType, ProductLine.DEVICE_TYPE_RULE);
  }

  private static String region(String text) {
    return checked("region", text, ProductLine::isRegion, ProductLine.REGION_RULE);
  }

  private static String serial(String text) {
    return checked("serial", text, Device::isSerial, SERIAL_RULE);
  }

  private static Version version(String text) {
    return Version.parse(text)
        .orElseThrow(() ->
            Failure.invalid("The parameter version must be a version such as 1.2.3 or 1.2.3-rc1."));
  }

  private static String checked(
      String parameter, String text, Predicate<String> accepts, String mustBe) {
    if (!accepts.test(text)) {
      throw Failure.invalid("The parameter %s must be %s.".formatted(parameter, mustBe));
    }
    return text;
  }
}
