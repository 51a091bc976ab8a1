package io.fleetwell.firmware;

import io.fleetwell.device.Device;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.failure.ParameterError;
import io.fleetwell.http.Request;
import io.fleetwell.ids.DeviceIds;
import java.util.List;
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
        deviceType(request),
        region(request),
        request.versionParameter().map(FirmwareRequests::installed),
        request.comparedParameter("serial").map(FirmwareRequests::serial),
        request.flag("test").orElse(false));
  }

  /** Reads which device a check names; throws {@code INVALID}. */
  static Optional<String> deviceId(Request request) {
    return request
        .parameter("deviceid")
        .map(it -> checked("deviceid", it, DeviceIds::isDeviceId, DeviceIds.RULE));
  }

  /** Reads in which languages a check wants release notes; throws {@code INVALID}. */
  static NoteLanguages languages(Request request) {
    return NoteLanguages.of(
        request.parameter(NoteLanguages.PARAMETER), request.header("accept-language"));
  }

  /** Reads which firmware an operator lists; throws {@code INVALID}. */
  static FirmwareSelection listed(Request request) {
    return selection(request, Optional.empty());
  }

  /** Reads which firmware an operator withdraws; throws {@code INVALID}. */
  static FirmwareSelection withdrawn(Request request) {
    return selection(request, request.emptiableParameter("serial-regex"));
  }

  private static FirmwareSelection selection(Request request, Optional<String> serialPattern) {
    return new FirmwareSelection(
        deviceType(request),
        region(request),
        request.versionParameter().map(FirmwareRequests::version),
        serialPattern,
        request.flag("test"));
  }

  private static Optional<String> deviceType(Request request) {
    return request
        .comparedParameter("devicetype")
        .map(it ->
            checked("devicetype", it, ProductLine::isDeviceType, ProductLine.DEVICE_TYPE_RULE));
  }

  private static Optional<String> region(Request request) {
    return request
        .comparedParameter("region")
        .map(it -> checked("region", it, ProductLine::isRegion, ProductLine.REGION_RULE));
  }

  private static String serial(String text) {
    return checked("serial", text, Device::isSerial, SERIAL_RULE);
  }

  /** The version that a device runs. An unreadable one has a problem type of its own, because devices cause it. */
  private static Version installed(String text) {
    return version(text, FirmwareFailures.UNREADABLE_VERSION);
  }

  private static Version version(String text) {
    return version(text, FailureKind.INVALID);
  }

  private static Version version(String text, FailureKind ifUnreadable) {
    ParsedVersion version = Version.parse(text);
    if (version instanceof UnreadableVersion unreadable) {
      throw Failure.ofParameters(
          ifUnreadable, List.of(new ParameterError("version", unreadable.reason())));
    }
    return version.readable().orElseThrow();
  }

  private static String checked(
      String parameter, String text, Predicate<String> accepts, String mustBe) {
    if (!accepts.test(text)) {
      throw Failure.invalidParameter(parameter, "must be " + mustBe);
    }
    return text;
  }
}
