package io.fleetwell.firmware;

import io.fleetwell.device.Device;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.Request;
import java.util.Optional;
import java.util.function.Predicate;

/** What the parameters of calls about firmware say. */
final class FirmwareRequests {
  private FirmwareRequests() {}

  /**
   * What a check says of the device.
   *
   * @throws Failure {@code INVALID}
   */
  static FirmwareCheck check(Request request) {
    return new FirmwareCheck(
        given(request, "devicetype").map(FirmwareRequests::deviceType),
        given(request, "region").map(FirmwareRequests::region),
        given(request, "version"),
        given(request, "serial").map(FirmwareRequests::serial),
        request.flag("test").orElse(false));
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
        request.parameter("devicetype").map(FirmwareRequests::deviceType),
        request.parameter("region").map(FirmwareRequests::region),
        request.parameter("version").map(FirmwareRequests::version),
        request.parameter("serial-regex"),
        request.flag("test"));
  }

  private static String deviceType(String text) {
    String mustBe = "1 to 128 characters, none of them control characters";
    return checked("devicetype", text, ProductLine::isDeviceType, mustBe);
  }

  private static String region(String text) {
    return checked("region", text, ProductLine::isRegion, "1 to 32 of A-Z a-z 0-9 _ -, or *");
  }

  private static String serial(String text) {
    String mustBe = "at most %d characters".formatted(Device.MAX_SERIAL_LENGTH);
    return checked("serial", text, Device::isSerial, mustBe);
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
