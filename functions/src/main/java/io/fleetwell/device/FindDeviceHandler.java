package io.fleetwell.device;

import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code GET /v1/devices?serial={serial}}: what is known of the device with a serial number. */
public final class FindDeviceHandler extends HttpHandler {
  /** How many of those that fit are named, at the most, when there are several. */
  private static final int MAX_IDS = 100;

  private final DeviceReader devices;

  public FindDeviceHandler() {
    this(Aws.inLambda());
  }

  public FindDeviceHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = DynamoDbDeviceReader.from(aws);
  }

  @Override
  protected Response handle(Request request) {
    String serial = request.parameter("serial").orElse("");
    if (serial.isEmpty() || !Device.isSerial(serial)) {
      throw Failure.invalid(
          "Give the parameter serial: 1 to %d characters.".formatted(Device.MAX_SERIAL_LENGTH));
    }
    List<Device> matches =
        withSerial(serial, request.caller(), request.parameter("devicetype")).stream()
            .flatMap(snapshot -> snapshot.device().stream())
            .toList();
    if (matches.isEmpty()) {
      throw Failure.notFound("There is no such device that you may see.");
    }
    if (matches.size() > 1) {
      throw Failure.of(
          FailureKind.AMBIGUOUS,
          "Several devices have this serial number: get the one you mean by its deviceid, or add devicetype.",
          Map.of("ids", matches.stream().map(Device::id).toList()));
    }
    return DeviceResponses.of(matches.get(0));
  }

  /** A device can only mean itself, which needs no search among strangers who say that they have its serial number. */
  private List<DeviceSnapshot> withSerial(
      String serial, Principal caller, Optional<String> deviceType) {
    Predicate<DeviceSnapshot> wanted = snapshot -> snapshot.admits(caller)
        && snapshot.device().filter(it -> isOfType(it, deviceType)).isPresent();
    if (!caller.isDevice()) {
      return devices.withSerial(serial, caller.userId(), wanted, MAX_IDS);
    }
    DeviceSnapshot own = devices.read(caller.id(), Optional.empty());
    boolean meant = own.device().filter(it -> it.hasSerial(serial)).isPresent() && wanted.test(own);
    return meant ? List.of(own) : List.of();
  }

  private static boolean isOfType(Device device, Optional<String> deviceType) {
    return deviceType.isEmpty() || device.hasText("devicetype", deviceType.get());
  }
}
