package io.fleetwell.logs;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.device.ClaimDeviceHandler;
import io.fleetwell.device.Device;
import io.fleetwell.device.DeviceStore;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.http.Sha256;
import io.fleetwell.logs.LogStore.Stored;
import io.fleetwell.telemetry.Count;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code POST /v1/devices/{deviceid}/logs/{logtype}}: a zipped log or crash dump comes in. */
public final class UploadLogHandler extends HttpHandler {
  private static final Pattern LOG_TYPE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** The member of a problem that names the rule. */
  private static final String RULE = "rule";

  private static final Count ACCEPTED = Count.of("UploadsAccepted");

  private final DeviceStore devices;
  private final LogStore logs;
  private final UploadQuota quota;
  private final Clock clock;

  public UploadLogHandler() {
    // A device needs no record to upload; for the device's owner, it is read.
    this(Wiring.inLambdaForBoth(UploadLogHandler::new, ClaimDeviceHandler::new));
  }

  public UploadLogHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = wiring.devices();
    this.logs = wiring.logs();
    this.quota = wiring.uploadQuota();
    this.clock = wiring.clock();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = Device.checkId(request.pathParameter("deviceid"));
    String logType = checkLogType(request.pathParameter("logtype"));
    requireAuthority(request.caller(), deviceId);
    byte[] zip = soundZip(request);
    LogFile file = new LogFile(
        deviceId,
        logType,
        HexFormat.of().formatHex(Sha256.of(zip)),
        zip.length,
        clock.instant().truncatedTo(ChronoUnit.MILLIS));
    Stored stored = storeWithinQuota(request.caller(), file, zip);
    return stored.isNew()
        ? Response.created(stored.file().json()).counting(ACCEPTED)
        : Response.ok(stored.file().json()).counting(ACCEPTED);
  }

  private static String checkLogType(String logType) {
    if (!LOG_TYPE.matcher(logType).matches()) {
      throw Failure.invalid("A log type is 1 to 64 characters of A-Z a-z 0-9 _ -.");
    }
    return logType;
  }

  /** A device may send its logs before anything else is known of it; for others, its record says who may. */
  private void requireAuthority(Principal caller, String deviceId) {
    if (!caller.isDevice(deviceId)) {
      devices.read(deviceId, caller.userId()).visibleTo(caller);
    }
  }

  private static byte[] soundZip(Request request) {
    try {
      byte[] zip = MultipartFile.read(request);
      requireSound(zip);
      return zip;
    } catch (Failure unsound) {
      throw refused(unsound);
    }
  }

  private static void requireSound(byte[] zip) {
    Optional<ZipRule> broken = ZipInspector.firstBrokenRule(zip);
    if (broken.isPresent()) {
      throw Failure.of(
          Failure.Kind.UNSOUND_ZIP,
          broken.get().explanation(),
          Map.of(RULE, broken.get().id()));
    }
  }

  private Stored storeWithinQuota(Principal caller, LogFile file, byte[] zip) {
    Optional<Duration> wait = quota.take(file.deviceId(), caller, file.received());
    if (wait.isPresent()) {
      throw refused(Failure.retryAfter(
          Failure.Kind.TOO_MANY_UPLOADS,
          "As many files as a day may have were uploaded for this device, or by you: try again after the time in Retry-After.",
          wait.get()));
    }
    try {
      return logs.store(file, zip);
    } catch (RuntimeException notStored) {
      giveBack(caller, file);
      throw notStored;
    }
  }

  /** If it can be; the caller is to hear of what went wrong first. */
  private void giveBack(Principal caller, LogFile file) {
    try {
      quota.giveBack(file.deviceId(), caller, file.received());
    } catch (Failure outage) {
      // Then one is counted for nothing, until midnight.
    }
  }

  private static Failure refused(Failure failure) {
    return failure.counting(Count.by("Rule", brokenRule(failure), "UploadsRefused"));
  }

  /** The zip's or, where it is not about that, the kind of failure. */
  private static String brokenRule(Failure refused) {
    String kind = refused.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return refused.members().getOrDefault(RULE, kind).toString();
  }
}
