package io.fleetwell.device;

import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FailureKind;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.ids.ComparedText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code GET /v1/devices?serial={serial}}: finds a device by its serial number. */
public final class FindDeviceHandler extends HttpHandler {
  /** The most ids in the answer when several devices match. */
  private static final int MAX_IDS = 100;

  private final DeviceReader devices;

  public FindDeviceHandler() {
    this(Aws.inLambda());
  }

  public FindDeviceHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.USER, Kind.OPERATOR, Kind.SUPPORT);
    this.devices = DynamoDbDeviceReader.from(aws);
  }

  @Override
  protected Set<String> parameters() {
    return Set.of("serial", "devicetype");
  }

  @Override
  protected Response handle(Request request) {
    String serial = request.parameter("serial").orElse("");
    String compared = ComparedText.of(serial);
    if (compared.isEmpty() || !Device.isSerial(compared)) {
      throw Failure.invalidParameter(
          "serial", "is required, with 1 to %d characters".formatted(Device.MAX_SERIAL_LENGTH));
    }
    List<DeviceSnapshot> matches =
        withSerial(serial, request.caller(), request.comparedParameter("devicetype"));
    if (matches.isEmpty()) {
      throw Failure.notFound("There is no such device that you may see.");
    }
    if (matches.size() > 1) {
      throw Failure.of(
          FailureKind.AMBIGUOUS,
          "Several devices have this serial number: get the one you mean by its deviceid, or add devicetype.",
          Map.of("ids", matches.stream().map(DeviceSnapshot::deviceId).toList()));
    }
    return DeviceResponses.of(matches.get(0).device().orElseThrow());
  }

  /** A device can only find itself, which needs no search: other devices may claim its serial number. */
  private List<DeviceSnapshot> withSerial(
      String serial, Principal caller, Optional<String> deviceType) {
    Predicate<DeviceSnapshot> wanted = snapshot -> snapshot.admits(caller)
        && (deviceType.isEmpty() || snapshot.showsFact("devicetype", deviceType.get()));
    if (!caller.isDevice()) {
      return devices.withSerial(serial, caller.userId(), wanted, MAX_IDS);
    }
    return Stream.of(devices.read(caller.id(), Optional.empty()))
        .filter(own -> own.showsFact("serial", serial))
        .filter(wanted)
        .toList();
  }
}
