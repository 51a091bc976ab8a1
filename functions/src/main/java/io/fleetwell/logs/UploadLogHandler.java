package io.fleetwell.logs;

import io.fleetwell.auth.Principal;
import io.fleetwell.auth.Principal.Kind;
import io.fleetwell.aws.Aws;
import io.fleetwell.device.DeviceReader;
import io.fleetwell.device.DynamoDbDeviceReader;
import io.fleetwell.failure.Failure;
import io.fleetwell.http.HttpHandler;
import io.fleetwell.http.Request;
import io.fleetwell.http.Response;
import io.fleetwell.ids.Sha256;
import io.fleetwell.logs.LogStore.Stored;
import io.fleetwell.telemetry.Metric;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code POST /v1/devices/{deviceid}/logs/{logtype}}: a zipped log or crash dump comes in. */
public final class UploadLogHandler extends HttpHandler {
  private static final Pattern LOG_TYPE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** The member of a problem that names the rule. */
  private static final String RULE = "rule";

  private final DeviceReader devices;
  private final LogStore logs;
  private final UploadQuota quota;
  private final Clock clock;

  public UploadLogHandler() {
    this(Aws.inLambda());
  }

  public UploadLogHandler(Aws aws) {
    super(aws, Kind.DEVICE, Kind.USER, Kind.OPERATOR);
    this.devices = DynamoDbDeviceReader.from(aws);
    this.logs = S3LogStore.from(aws);
    this.quota = DynamoDbUploadQuota.from(aws);
    this.clock = aws.clock();
  }

  @Override
  protected Response handle(Request request) {
    String deviceId = request.deviceId();
    String logType = checkLogType(request.pathParameter("logtype"));
    requireAuthority(request.caller(), deviceId);
    byte[] zip;
    try {
      zip = soundZip(request);
    } catch (Failure unsound) {
      return refused(unsound, request);
    }
    LogFile file = new LogFile(
        deviceId,
        logType,
        HexFormat.of().formatHex(Sha256.of(zip)),
        zip.length,
        clock.instant().truncatedTo(ChronoUnit.MILLIS));
    Optional<Duration> wait = quota.take(deviceId, request.caller(), file.received());
    return wait.isPresent()
        ? refused(tooMany(wait.get()), request)
        : stored(request.caller(), file, zip);
  }

  private static String checkLogType(String logType) {
    if (!LOG_TYPE.matcher(logType).matches()) {
      throw Failure.invalid("A log type is 1 to 64 characters of A-Z a-z 0-9 _ -.");
    }
    return logType;
  }

  /** A device may send its logs before it has a record; for others, the record decides. */
  private void requireAuthority(Principal caller, String deviceId) {
    if (!caller.isDevice(deviceId)) {
      devices.read(deviceId, caller.userId()).visibleTo(caller);
    }
  }

  private static byte[] soundZip(Request request) {
    byte[] zip = MultipartFile.read(
        request.header("content-type").orElse(""), request.body(MultipartFile.MAX_BODY_BYTES));
    Optional<ZipRule> broken = ZipInspector.firstBrokenRule(zip);
    if (broken.isPresent()) {
      throw Failure.of(
          LogFailures.UNSOUND_ZIP,
          broken.get().explanation(),
          Map.of(RULE, broken.get().id()));
    }
    return zip;
  }

  private static Failure tooMany(Duration wait) {
    return Failure.retryAfter(
        LogFailures.TOO_MANY_UPLOADS,
        "As many files as a day may have were uploaded for this device, or by you: try again after the time in Retry-After.",
        wait);
  }

  private Response stored(Principal caller, LogFile file, byte[] zip) {
    Stored stored = store(caller, file, zip);
    Response response = stored.isNew()
        ? Response.created(stored.file().json())
        : Response.ok(stored.file().json());
    return response.counting(Metric.of("UploadsAccepted"));
  }

  private Stored store(Principal caller, LogFile file, byte[] zip) {
    try {
      return logs.store(file, zip);
    } catch (RuntimeException notStored) {
      giveBack(caller, file);
      throw notStored;
    }
  }

  /** Gives the upload back to the quota, if possible. The caller learns why the file was not stored in any case. */
  private void giveBack(Principal caller, LogFile file) {
    try {
      quota.giveBack(file.deviceId(), caller, file.received());
    } catch (Failure outage) {
      // Then one upload too many is counted until midnight.
    }
  }

  /** Counted by the zip's broken rule or, where it is not about that, by the kind of failure. */
  private static Response refused(Failure failure, Request request) {
    String rule = failure.members().getOrDefault(RULE, failure.kind().name()).toString();
    return Response.of(failure, request).counting(Metric.by("Rule", rule, "UploadsRefused"));
  }
}
