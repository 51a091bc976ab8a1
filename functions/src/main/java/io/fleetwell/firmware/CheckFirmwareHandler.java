package io.fleetwell.firmware;

import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.Device;
import io.fleetwell.device.DeviceFacts;
import io.fleetwell.device.DeviceReader;
import io.fleetwell.device.DynamoDbDeviceReader;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.telemetry.Metric;
import java.util.Optional;
import java.util.Set;

/** {@code GET} and {@code HEAD /v1/devices/firmware}: the firmware that a device should install. */
public final class CheckFirmwareHandler extends HttpHandler {
  private final DeviceReader devices;
  private final FirmwareCatalogueCache catalogues;

  public CheckFirmwareHandler() {
    this(Aws.inLambda());
  }

  public CheckFirmwareHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = DynamoDbDeviceReader.from(aws);
    this.catalogues = FirmwareCatalogueCache.from(aws);
  }

  @Override
  protected Set<String> parameters() {
    return Set.of("devicetype", "region", "version", "serial", "test", "deviceid");
  }

  @Override
  protected Response handle(Request request) {
    FirmwareCheck asked = FirmwareRequests.check(request);
    Optional<DeviceFacts> facts =
        facts(request.caller(), FirmwareRequests.deviceId(request), asked);
    FirmwareCheck complete = facts.map(asked::completedFrom).orElse(asked);
    FirmwareCatalogue catalogue = catalogues.get(complete.line());
    Response response = answer(request, complete, catalogue).counting(metric("Checks", catalogue));
    return request.hasUnknownParameters()
        ? response.counting(metric("UnknownParameters", catalogue))
        : response;
  }

  private static Response answer(
      Request request, FirmwareCheck check, FirmwareCatalogue catalogue) {
    Optional<UnreadableVersion> unreadable = check.unreadable();
    if (unreadable.isPresent()) {
      return Response.of(unreadable(unreadable.get()), request)
          .counting(metric("UnreadableVersions", catalogue));
    }
    Optional<Firmware> update = catalogue.choose(check.installed(), check.serial(), check.test());
    return update.isPresent()
        ? Response.ok(update.get().json()).counting(metric("UpdatesOffered", catalogue))
        : Response.of(noUpdate(), request);
  }

  private static Failure noUpdate() {
    return Failure.of(
        FirmwareFailures.NO_UPDATE, "There is no firmware for this device to install.");
  }

  private static Failure unreadable(UnreadableVersion stored) {
    return Failure.of(
        FirmwareFailures.UNREADABLE_STORED_VERSION,
        "The versioninfo.firmware in the details of the device %s. Correct it, or send the parameter version."
            .formatted(stored.reason()));
  }

  /** Counts by the product line that operators publish for, never by a text of the caller. */
  private static Metric metric(String name, FirmwareCatalogue catalogue) {
    String published =
        catalogue.line().map(it -> it.deviceType() + " " + it.region()).orElse("none");
    return Metric.by("ProductLine", published, name);
  }

  /** What completes the query: facts of the named device or, if the query omits something, of the caller. */
  private Optional<DeviceFacts> facts(
      Principal caller, Optional<String> deviceId, FirmwareCheck check) {
    if (deviceId.isPresent() && !caller.isDevice(deviceId.get())) {
      return Optional.of(devices.read(deviceId.get(), caller.userId()).factsFor(caller));
    }
    return caller.isDevice() && !check.isComplete()
        ? devices.read(caller.id(), Optional.empty()).device().map(Device::facts)
        : Optional.empty();
  }
}
