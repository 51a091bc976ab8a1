package io.fleetwell.firmware;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.device.Device;
import io.fleetwell.device.DeviceStore;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import java.util.Optional;

/** {@code GET /v1/devices/firmware}: which firmware a device is to install. */
public final class CheckFirmwareHandler extends HttpHandler {
  private final DeviceStore devices;
  private final FirmwareCatalogues catalogues;

  public CheckFirmwareHandler() {
    this(Wiring.inLambda(CheckFirmwareHandler::new, PublishFirmwareHandler::new));
  }

  public CheckFirmwareHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = wiring.devices();
    this.catalogues =
        new FirmwareCatalogues(wiring.firmware(), wiring.firmwareCacheTime(), wiring.clock());
  }

  @Override
  protected Response handle(Request request) {
    FirmwareCheck asked = FirmwareCheck.of(request);
    Optional<Device> device =
        device(request.caller(), FirmwareCheck.given(request, "deviceid"), asked);
    FirmwareCheck complete = device.map(asked::completedFrom).orElse(asked);
    FirmwareCatalogue catalogue = catalogues.get(complete.line());
    Optional<Firmware> update =
        catalogue.choose(complete.installed(), complete.serial(), complete.test());
    return update
        .map(it -> Response.ok(catalogue.textOf(it))
            .counting(catalogue.checkCount(), catalogue.offerCount()))
        .orElseThrow(() -> Failure.of(
                Failure.Kind.NO_UPDATE, "There is no firmware for this device to install.")
            .counting(catalogue.checkCount()));
  }

  /** The record to fill in from: that of the device that is named or, if something is left out, of the one that asks. */
  private Optional<Device> device(
      Principal caller, Optional<String> deviceId, FirmwareCheck check) {
    if (deviceId.isPresent() && !caller.isDevice(deviceId.get())) {
      String id = Device.checkId(deviceId.get());
      return Optional.of(devices.read(id, caller.userId()).visibleTo(caller));
    }
    return caller.isDevice() && !check.isComplete()
        ? devices.read(caller.id(), Optional.empty()).device()
        : Optional.empty();
  }
}
