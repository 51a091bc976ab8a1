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
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** {@code GET} and {@code HEAD /v1/devices/firmware}: the firmware that a device should install. */
public final class CheckFirmwareHandler extends HttpHandler {
  private final DeviceReader devices;
  private final FirmwareCatalogueCache catalogues;
  private final CheckSchedule schedule;

  public CheckFirmwareHandler() {
    this(Aws.inLambda());
  }

  public CheckFirmwareHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = DynamoDbDeviceReader.from(aws);
    this.catalogues = FirmwareCatalogueCache.from(aws);
    this.schedule =
        new CheckSchedule(Duration.ofSeconds(aws.environment().number("CHECK_INTERVAL_SECONDS")));
  }

  @Override
  protected Set<String> parameters() {
    return Set.of(
        "devicetype", "region", "version", "serial", "test", "deviceid", NoteLanguages.PARAMETER);
  }

  @Override
  protected Response handle(Request request) {
    try {
      return check(request);
    } catch (Failure failure) {
      throw failure.isUnavailable() ? spread(failure, request) : failure;
    }
  }

  /** The failure of a store, which all devices meet at once. */
  private static Failure spread(Failure failure, Request request) {
    String caller = deviceId(request).orElse(request.caller().id());
    return failure.withRetryAfter(CheckSchedule.afterOutage(caller));
  }

  /** The device that the check is for; empty if the caller is none and names none. */
  private static Optional<String> deviceId(Request request) {
    Principal caller = request.caller();
    return FirmwareRequests.deviceId(request)
        .or(() -> caller.isDevice() ? Optional.of(caller.id()) : Optional.empty());
  }

  private Response check(Request request) {
    FirmwareCheck asked = FirmwareRequests.check(request);
    NoteLanguages languages = FirmwareRequests.languages(request);
    Optional<DeviceFacts> facts =
        facts(request.caller(), FirmwareRequests.deviceId(request), asked);
    FirmwareCheck complete = facts.map(asked::completedFrom).orElse(asked);
    FirmwareCatalogue catalogue = catalogues.get(complete.line());
    Response response =
        answer(request, complete, catalogue, languages).counting(metric("Checks", catalogue));
    return request.hasUnknownParameters()
        ? response.counting(metric("UnknownParameters", catalogue))
        : response;
  }

  private Response answer(
      Request request, FirmwareCheck check, FirmwareCatalogue catalogue, NoteLanguages languages) {
    Optional<UnreadableVersion> unreadable = check.unreadable();
    if (unreadable.isPresent()) {
      return Response.of(unreadable(unreadable.get()), request)
          .counting(metric("UnreadableVersions", catalogue));
    }
    Optional<Firmware> update = catalogue.choose(check.installed(), check.serial(), check.test());
    Duration wait = schedule.untilNext(deviceId(request), clock().instant());
    return update.isPresent()
        ? FirmwareResponses.offer(update.get().json(), languages)
            .with("retry-after", String.valueOf(wait.toSeconds()))
            .counting(metric("UpdatesOffered", catalogue))
        : Response.of(noUpdate(wait), request);
  }

  private static Failure noUpdate(Duration wait) {
    return Failure.retryAfter(
        FirmwareFailures.NO_UPDATE, "There is no firmware for this device to install.", wait);
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
