package io.fleetwell.logs;

import io.fleetwell.Wiring;
import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
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
  private final Clock clock;

  public UploadLogHandler() {
    this(Wiring.inLambda(UploadLogHandler::new));
  }

  public UploadLogHandler(Wiring wiring) {
    super(wiring.runtime(), Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = wiring.devices();
    this.logs = wiring.logs();
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
    Stored stored = logs.store(file, zip);
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
    } catch (Failure refused) {
      throw refused.counting(Count.by("Rule", brokenRule(refused), "UploadsRefused"));
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

  /** The zip's or, where it did not come so far, the form's. */
  private static String brokenRule(Failure refused) {
    String ofForm = refused.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return refused.members().getOrDefault(RULE, ofForm).toString();
  }
}
