package io.fleetwell.device;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code GET /v1/devices?serial={serial}}: what is known of the device with a serial number. */
public final class FindDeviceHandler extends HttpHandler {
  /** How many of those that fit are named when there are several. */
  private static final int MAX_IDS = 100;

  private final DeviceStore devices;

  public FindDeviceHandler() {
    this(Wiring.fromEnvironment());
  }

  public FindDeviceHandler(Wiring wiring) {
    super(wiring.clock(), Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = wiring.devices();
  }

  @Override
  protected Response handle(Request request) {
    String serial = request.parameter("serial").orElse("");
    if (serial.isEmpty() || serial.length() > DetailsSchema.MAX_SERIAL_LENGTH) {
      throw Failure.invalid("Give the parameter serial: 1 to %d characters."
          .formatted(DetailsSchema.MAX_SERIAL_LENGTH));
    }
    Optional<String> deviceType = request.parameter("devicetype");
    List<Device> matches = devices.withSerial(serial, request.caller().userId()).stream()
        .filter(snapshot -> snapshot.admits(request.caller()))
        .flatMap(snapshot -> snapshot.device().stream())
        .filter(device -> deviceType.isEmpty() || device.text("devicetype").equals(deviceType))
        .toList();
    if (matches.isEmpty()) {
      throw Failure.notFound("There is no such device that you may see.");
    }
    if (matches.size() > 1) {
      throw Failure.of(
          Failure.Kind.AMBIGUOUS,
          "Several devices have this serial number: get the one you mean by its deviceid, or add devicetype.",
          Map.of("ids", matches.stream().limit(MAX_IDS).map(Device::id).toList()));
    }
    return DeviceResponses.of(matches.get(0));
  }
}
